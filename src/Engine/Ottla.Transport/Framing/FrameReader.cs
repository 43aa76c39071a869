using System.Buffers;
using System.Buffers.Binary;
using Ottla.Protocol;
using Ottla.Transport.Sockets;

namespace Ottla.Transport.Framing;

/// <summary>
/// Cuts what a connection receives into frames: a big-endian 32-bit size, then as many bytes. A frame ends up in one buffer of exactly
/// its size. Bytes are received into a connection buffer, which may hold many small frames at once, and the rest of a frame that does
/// not fit is received straight into the frame's own buffer. Not thread-safe; a frame is read in two steps, so that the caller can
/// wait for memory between knowing the size and renting the buffer.
/// </summary>
public sealed class FrameReader : IDisposable
{
    private const int PrefixBytes = sizeof(int);

    // A connection that sends small requests keeps the small buffer; one that fills it gets the large one.
    private const int SmallBufferBytes = 8 * 1024;
    private const int LargeBufferBytes = 64 * 1024;

    private readonly TransportConnection _connection;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallBufferBytes);
    private int _start;
    private int _end;
    private bool _isDisposed;

    /// <summary>Reads from <paramref name="connection"/>, which stays the caller's.</summary>
    /// <param name="connection">Where the bytes come from.</param>
    /// <param name="maxFrameBytes">See <see cref="MaxFrameBytes"/>.</param>
    public FrameReader(TransportConnection connection, int maxFrameBytes)
    {
        _connection = connection;
        MaxFrameBytes = maxFrameBytes;
    }

    /// <summary>The largest size that a frame may claim; may be changed between frames, when a connection enters another phase.</summary>
    public int MaxFrameBytes { get; set; }

    /// <summary>Whether the next frame lies in the connection buffer as a whole, so that reading it will not wait.</summary>
    public bool HasBufferedFrame
    {
        get
        {
            int buffered = _end - _start;
            return buffered >= PrefixBytes
                && BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start)) is int size
                && size <= buffered - PrefixBytes;
        }
    }

    /// <summary>Whether some bytes of the next frame were received.</summary>
    public bool HasBufferedBytes => _end > _start;

    /// <summary>Waits for the next frame's size; -1 when the other side closed between two frames.</summary>
    /// <exception cref="FrameException">The size is negative or above <see cref="MaxFrameBytes"/>, or the connection ended within it.</exception>
    public ValueTask<int> ReadSizeAsync(CancellationToken cancellationToken) =>
        _end - _start >= PrefixBytes ? new ValueTask<int>(TakeSize()) : ReceiveSizeAsync(cancellationToken);

    /// <summary>Reads the body of a frame whose size was just read. The caller owns the buffer.</summary>
    /// <exception cref="FrameException">The connection ended within the frame.</exception>
    public ValueTask<PooledBuffer> ReadBodyAsync(int sizeInBytes, CancellationToken cancellationToken)
    {
        PooledBuffer frame = PooledBuffer.Rent(sizeInBytes);
        int buffered = Math.Min(sizeInBytes, _end - _start);
        _buffer.AsSpan(_start, buffered).CopyTo(frame.Span);
        _start += buffered;
        return buffered == sizeInBytes ? new ValueTask<PooledBuffer>(frame) : ReceiveBodyAsync(frame, buffered, cancellationToken);
    }

    /// <summary>Gives the connection buffer back. No read may be under way.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private async ValueTask<int> ReceiveSizeAsync(CancellationToken cancellationToken)
    {
        while (_end - _start < PrefixBytes)
        {
            MakeRoom();
            int received = await _connection.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (received == 0)
            {
                return _end == _start ? -1 : throw new FrameException("The connection ended within the size of a frame.");
            }

            _end += received;
        }

        return TakeSize();
    }

    private async ValueTask<PooledBuffer> ReceiveBodyAsync(PooledBuffer frame, int filled, CancellationToken cancellationToken)
    {
        try
        {
            while (filled < frame.Length)
            {
                int received = await _connection.ReceiveAsync(frame.Memory[filled..], cancellationToken).ConfigureAwait(false);
                if (received == 0)
                {
                    throw new FrameException($"The connection ended after {filled} of a frame's {frame.Length} bytes.");
                }

                filled += received;
            }

            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private int TakeSize()
    {
        int size = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (size < 0 || size > MaxFrameBytes)
        {
            throw new FrameException($"A frame claims {size} bytes; 0 to {MaxFrameBytes} are allowed.");
        }

        _start += PrefixBytes;
        return size;
    }

    private void MakeRoom()
    {
        // A buffer that the last receive filled to its end was too small for what the client sends.
        bool wasFilled = _end == _buffer.Length;
        int kept = _end - _start;
        if (wasFilled && _buffer.Length < LargeBufferBytes)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(LargeBufferBytes);
            _buffer.AsSpan(_start, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        }

        _start = 0;
        _end = kept;
    }
}
