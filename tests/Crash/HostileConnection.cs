using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ottla.Crash.Tests;

/// <summary>
/// A connection that sends damaged frames, each followed by an ApiVersions request, so that every case ends in that answer, in a close,
/// or in a wait that the frame asked for. Closed with a reset, because thousands of orderly closes use up the ephemeral ports.
/// </summary>
internal sealed class HostileConnection(int port) : IDisposable
{
    private const int ProbeCorrelation = 0x0BADCAFE;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly byte[] _received = new byte[64 * 1024];
    private Socket? _socket;

    public long Answered { get; private set; }

    public long Closed { get; private set; }

    public long Waiting { get; private set; }

    /// <summary>Sends one frame and waits for its end.</summary>
    public async Task SendAsync(byte[] frame, CancellationToken cancellationToken)
    {
        try
        {
            _socket ??= await ConnectAsync(cancellationToken);
            await _socket.SendAsync(WithProbe(frame), cancellationToken);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            if (await ReadToProbeAsync(_socket, patience.Token))
            {
                Answered++;
                return;
            }

            Closed++;
        }
        catch (SocketException)
        {
            Closed++;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Waiting++;
        }

        Reset();
    }

    public void Dispose() => Reset();

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return socket;
    }

    private static byte[] WithProbe(byte[] frame)
    {
        byte[] bytes = new byte[4 + frame.Length + 4 + 10];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes, 4);
        Span<byte> probe = bytes.AsSpan(4 + frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(probe, 10);
        BinaryPrimitives.WriteInt16BigEndian(probe[4..], 18);
        BinaryPrimitives.WriteInt32BigEndian(probe[8..], ProbeCorrelation);
        BinaryPrimitives.WriteInt16BigEndian(probe[12..], -1);
        return bytes;
    }

    // True when the probe was answered, false when the broker closed the connection.
    private async Task<bool> ReadToProbeAsync(Socket socket, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!await FillAsync(socket, 8, cancellationToken))
            {
                return false;
            }

            int size = BinaryPrimitives.ReadInt32BigEndian(_received);
            Assert.InRange(size, 4, 64 * 1024 * 1024);
            bool isProbe = BinaryPrimitives.ReadInt32BigEndian(_received.AsSpan(4)) == ProbeCorrelation;
            for (int left = size - 4; left > 0;)
            {
                int count = Math.Min(left, _received.Length);
                if (!await FillAsync(socket, count, cancellationToken))
                {
                    return false;
                }

                left -= count;
            }

            if (isProbe)
            {
                return true;
            }
        }
    }

    private async Task<bool> FillAsync(Socket socket, int count, CancellationToken cancellationToken)
    {
        for (int filled = 0; filled < count;)
        {
            int received = await socket.ReceiveAsync(_received.AsMemory(filled, count - filled), cancellationToken);
            if (received == 0)
            {
                return false;
            }

            filled += received;
        }

        return true;
    }

    private void Reset()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
