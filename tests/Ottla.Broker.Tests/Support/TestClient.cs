using System.Net;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Framing;
using Ottla.Transport.Sockets;

namespace Ottla.Broker.Tests.Support;

/// <summary>A client that speaks the protocol frame by frame, so that a test decides what is sent when.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FrameReader _reader;
    private readonly FrameWriter _writer = new();
    private int _lastCorrelationId;

    private TestClient(TransportConnection connection)
    {
        Connection = connection;
        _reader = new FrameReader(connection, int.MaxValue);
    }

    public TransportConnection Connection { get; }

    public static async Task<TestClient> ConnectAsync(IPEndPoint endPoint) =>
        new(await TransportConnector.ConnectAsync(endPoint.Address.ToString(), endPoint.Port, TransportOptions.Default, TestContext.Current.CancellationToken));

    /// <summary>Sends a request and reads its response.</summary>
    public async Task<TResponse> AskAsync<TRequest, TResponse>(TRequest request, short version)
        where TRequest : IApiMessage<TRequest>
        where TResponse : IApiMessage<TResponse>
    {
        int correlationId = await SendAsync(request, version);
        return await ReceiveAsync<TResponse>(version, correlationId);
    }

    /// <summary>Sends a request and returns its correlation id.</summary>
    public async Task<int> SendAsync<TRequest>(TRequest request, short version)
        where TRequest : IApiMessage<TRequest>
    {
        int correlationId = Queue(request, version);
        await FlushAsync();
        return correlationId;
    }

    /// <summary>Puts a request with others that <see cref="FlushAsync"/> sends together.</summary>
    public int Queue<TRequest>(TRequest request, short version)
        where TRequest : IApiMessage<TRequest>
    {
        var header = new RequestHeader
        {
            RequestApiKey = (short)TRequest.ApiKey,
            RequestApiVersion = version,
            CorrelationId = ++_lastCorrelationId,
            ClientId = "test",
        };
        _writer.Append(header, ApiHeaders.RequestHeaderVersion(TRequest.ApiKey, version), request, version);
        return header.CorrelationId;
    }

    public async Task FlushAsync() => await _writer.FlushAsync(Connection, TestContext.Current.CancellationToken);

    /// <summary>Reads the next response, which must be the one to <paramref name="correlationId"/>.</summary>
    public async Task<TResponse> ReceiveAsync<TResponse>(short version, int correlationId)
        where TResponse : IApiMessage<TResponse>
    {
        byte[] frame = await ReceiveFrameAsync() ?? throw new InvalidOperationException("The broker closed the connection.");
        var reader = new ProtocolReader(frame);
        ResponseHeader header = ResponseHeader.Read(ref reader, ApiHeaders.ResponseHeaderVersion(TResponse.ApiKey, version));
        Assert.Equal(correlationId, header.CorrelationId);
        TResponse response = TResponse.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        return response;
    }

    /// <summary>The next frame, or null when the broker closed the connection.</summary>
    public async Task<byte[]?> ReceiveFrameAsync()
    {
        int size;
        try
        {
            size = await _reader.ReadSizeAsync(CancellationToken.None).AsTask().WaitAsync(Patience);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }

        if (size < 0)
        {
            return null;
        }

        using PooledBuffer frame = await _reader.ReadBodyAsync(size, CancellationToken.None).AsTask().WaitAsync(Patience);
        return frame.Span.ToArray();
    }

    public async Task SendBytesAsync(params byte[] bytes) => await Connection.SendAsync(bytes, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        _writer.Dispose();
        _reader.Dispose();
    }
}
