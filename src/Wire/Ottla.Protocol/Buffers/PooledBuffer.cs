using System.Buffers;

namespace Ottla.Protocol;

/// <summary>
/// A rented buffer with one owner at a time, who disposes it exactly once. Methods named <c>Take…</c> move ownership, methods named
/// <c>Borrow…</c> do not. Not thread-safe; a debug build fills the bytes with 0xDD on return, so that a late reader is found out.
/// </summary>
public sealed class PooledBuffer : IMemoryOwner<byte>
{
    private byte[]? _array;
    private readonly int _length;

    private PooledBuffer(byte[] array, int length)
    {
        _array = array;
        _length = length;
    }

    /// <summary>The rented bytes, exactly as many as were asked for; their content is undefined at first.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was given back.</exception>
    public Memory<byte> Memory => new(RequireArray(), 0, _length);

    /// <summary>The same bytes as a span.</summary>
    public Span<byte> Span => new(RequireArray(), 0, _length);

    /// <summary>How many bytes were asked for.</summary>
    public int Length => _length;

    /// <summary>Rents <paramref name="length"/> bytes. The caller has checked the length against its limits.</summary>
    public static PooledBuffer Rent(int length) => new(ArrayPool<byte>.Shared.Rent(length), length);

    /// <summary>Takes over the first <paramref name="length"/> bytes of an array that the caller rented from the shared array pool.</summary>
    public static PooledBuffer TakeRented(byte[] array, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)array.Length, nameof(length));
        return new PooledBuffer(array, length);
    }

    /// <summary>Gives the bytes back; a second call is a bug and throws.</summary>
    public void Dispose()
    {
        byte[] array = Interlocked.Exchange(ref _array, null) ?? throw new ObjectDisposedException(nameof(PooledBuffer));
#if DEBUG
        array.AsSpan(0, _length).Fill(0xDD);
#endif
        ArrayPool<byte>.Shared.Return(array);
    }

    private byte[] RequireArray() => _array ?? throw new ObjectDisposedException(nameof(PooledBuffer));
}
