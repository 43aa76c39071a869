using System.Net;
using System.Net.Sockets;

namespace Ottla.Transport.Sockets;

/// <summary>
/// One TCP connection, accepted or opened: the one type through which broker and client read and write, so that TLS has one place to
/// come to. At most one receive and one send are under way at a time; <see cref="Abort"/> may be called from any thread and ends both
/// with a <see cref="SocketException"/> or <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class TransportConnection : IAsyncDisposable
{
    // The kernel takes at most 1,024 segments in one call.
    private const int MaxSegmentsPerSend = 512;

    private readonly Socket _socket;
    private int _isClosed;

    internal TransportConnection(Socket socket, TransportOptions options)
    {
        _socket = socket;
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (options.SendBufferBytes > 0)
        {
            socket.SendBufferSize = options.SendBufferBytes;
        }

        if (options.ReceiveBufferBytes > 0)
        {
            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        }

        RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint!; // a connected TCP socket has one
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!; // likewise
    }

    /// <summary>The other side's address.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>This side's address.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Receives some bytes, at least one; 0 means that the other side will send no more.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    /// <summary>Sends all bytes of <paramref name="buffer"/>.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            int sent = await _socket.SendAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            buffer = buffer[sent..];
        }
    }

    /// <summary>
    /// Sends all segments in order with as few system calls as the kernel allows. The list is changed and empty afterwards.
    /// </summary>
    /// <param name="segments">What to send; the arrays stay untouched until the returned task completes.</param>
    public async ValueTask SendAsync(List<ArraySegment<byte>> segments)
    {
        while (segments.Count > 0)
        {
            List<ArraySegment<byte>> part = segments.Count <= MaxSegmentsPerSend ? segments : segments.GetRange(0, MaxSegmentsPerSend);
            int sent = await _socket.SendAsync(part, SocketFlags.None).ConfigureAwait(false);
            RemoveSent(segments, sent);
        }
    }

    /// <summary>Receives nothing more: a receive that is under way, and every later one, returns 0. Sending goes on.</summary>
    public void ShutdownReceive()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Receive);
        }
        catch (SocketException)
        {
            // The other side is gone already, which ends receiving too.
        }
        catch (ObjectDisposedException)
        {
            // Aborted meanwhile.
        }
    }

    /// <summary>Closes the connection at once. Receives and sends that are under way fail. May be called more than once.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _socket.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Abort();
        return ValueTask.CompletedTask;
    }

    private static void RemoveSent(List<ArraySegment<byte>> segments, int sent)
    {
        int whole = 0;
        while (whole < segments.Count && sent >= segments[whole].Count)
        {
            sent -= segments[whole].Count;
            whole++;
        }

        segments.RemoveRange(0, whole);
        if (sent > 0)
        {
            segments[0] = segments[0][sent..];
        }
    }
}
