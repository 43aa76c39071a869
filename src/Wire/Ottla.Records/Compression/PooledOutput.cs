using System.Buffers;
using Ottla.Protocol;

namespace Ottla.Records.Compression;

/// <summary>Output of a codec in pooled memory that grows as it is filled, never beyond its limit. Not thread-safe.</summary>
internal sealed class PooledOutput : IDisposable
{
    private readonly int _maxLength;
    private byte[] _array;
    private int _length;

    /// <summary>Starts with <paramref name="prefixLength"/> bytes of undefined content, which the limit does not count.</summary>
    public PooledOutput(int prefixLength, int sizeHint, int maxLength)
    {
        PrefixLength = prefixLength;
        _length = prefixLength;
        _maxLength = (int)Math.Min((long)maxLength + prefixLength, Array.MaxLength);
        _array = ArrayPool<byte>.Shared.Rent(Math.Clamp(sizeHint, 0, _maxLength - prefixLength) + prefixLength);
    }

    public int PrefixLength { get; }

    /// <summary>How many more bytes the limit allows.</summary>
    public int Allowed => _maxLength - _length;

    public ReadOnlySpan<byte> Written => _array.AsSpan(PrefixLength, _length - PrefixLength);

    /// <summary>Free bytes: at least <paramref name="wanted"/>, or as many as the limit still allows, maybe none; never more than that.</summary>
    public Span<byte> GetRoom(int wanted)
    {
        wanted = Math.Min(wanted, Allowed);
        if (_array.Length - _length < wanted)
        {
            Grow(wanted);
        }

        return _array.AsSpan(_length, Math.Min(_array.Length - _length, Allowed));
    }

    public void Advance(int bytes) => _length += bytes;

    /// <summary>Appends bytes; false when the limit forbids it.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Allowed)
        {
            return false;
        }

        bytes.CopyTo(GetRoom(bytes.Length));
        _length += bytes.Length;
        return true;
    }

    /// <summary>Moves the bytes to a buffer of the caller's.</summary>
    public PooledBuffer Take()
    {
        var taken = PooledBuffer.TakeRented(_array, _length);
        _array = [];
        _length = 0;
        return taken;
    }

    public void Dispose()
    {
        if (_array.Length != 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
        }
    }

    private void Grow(int wanted)
    {
        int capacity = (int)Math.Min(Math.Max(_length + (long)wanted, 2L * _array.Length), _maxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        _array.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
