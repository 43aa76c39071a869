using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Ottla.Differential.Tests.Wire;

/// <summary>One connection to a broker. Requests may be sent before the answers to those before them are there. Not thread-safe.</summary>
internal sealed class RequestConnection : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly int _port;
    private int _correlation;
    private Task _before = Task.CompletedTask;
    private bool _isOpen;

    public RequestConnection(int port) => _port = port;

    /// <summary>Whether the broker has closed it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Sends the request, and returns the task of its answer as soon as it is sent.</summary>
    public async Task<Task<Answer>> SendAsync(string api, short version, JsonObject body, byte[] trailing, CancellationToken cancellationToken)
    {
        byte[] request = [.. MessageEncoder.EncodeRequest(api, version, ++_correlation, body), .. trailing];
        if (!await WriteAsync(request, cancellationToken))
        {
            return Task.FromResult(new Answer(Answer.Closed, null));
        }

        Task<Answer> answer = ReadAnswerAsync(_before, api, version, cancellationToken);
        _before = answer;
        return answer;
    }

    /// <summary>Sends a request that is not answered.</summary>
    public async Task SendUnansweredAsync(string api, short version, JsonObject body, CancellationToken cancellationToken) =>
        await WriteAsync(MessageEncoder.EncodeRequest(api, version, ++_correlation, body), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<bool> WriteAsync(byte[] request, CancellationToken cancellationToken)
    {
        byte[] frame = new byte[sizeof(int) + request.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, request.Length);
        request.CopyTo(frame, sizeof(int));
        try
        {
            if (!_isOpen)
            {
                await _client.ConnectAsync("127.0.0.1", _port, cancellationToken);
                _isOpen = true;
            }

            await _client.GetStream().WriteAsync(frame, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            IsClosed = true;
            return false;
        }
    }

    private async Task<Answer> ReadAnswerAsync(Task before, string api, short version, CancellationToken cancellationToken)
    {
        await before;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        try
        {
            NetworkStream stream = _client.GetStream();
            byte[] size = new byte[sizeof(int)];
            await stream.ReadExactlyAsync(size, limit.Token);
            byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await stream.ReadExactlyAsync(frame, limit.Token);
            return Answer.Of(MessageDecoder.DecodeResponse(api, version, frame));
        }
        catch (IOException)
        {
            IsClosed = true;
            return new Answer(Answer.Closed, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(Answer.Silent, null);
        }
    }
}
