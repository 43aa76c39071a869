using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ottla.Protocol;

/// <summary>
/// Reads Kafka's primitive types from one contiguous buffer. Every length and count is checked against the bytes that are left
/// before anything is allocated for it. Not thread-safe; byte fields are slices of the buffer, not copies.
/// </summary>
public ref struct ProtocolReader
{
    /// <summary>No array may claim more elements than this, whatever their size (Kafka 4.4's cap).</summary>
    public const int MaxArrayElements = 1_000_000;

    /// <summary>No struct may carry more tagged fields than this (Kafka 4.4's cap).</summary>
    public const int MaxTaggedFields = 10_000;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _span;
    private int _position;

    /// <summary>Starts at the first byte of <paramref name="buffer"/>.</summary>
    public ProtocolReader(ReadOnlyMemory<byte> buffer)
    {
        _memory = buffer;
        _span = buffer.Span;
        _position = 0;
    }

    /// <summary>How many bytes were read so far.</summary>
    public readonly int Position => _position;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _span.Length - _position;

    /// <summary>Reads one byte as a boolean: 0 is false, anything else true.</summary>
    public bool ReadBoolean() => ReadInt8() != 0;

    /// <summary>Reads a signed byte.</summary>
    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    /// <summary>Reads a big-endian 16-bit integer.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    /// <summary>Reads a big-endian unsigned 16-bit integer.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>Reads a big-endian 32-bit integer.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>Reads a big-endian unsigned 32-bit integer.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Reads a big-endian 64-bit integer.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>Reads a big-endian IEEE 754 double.</summary>
    public double ReadFloat64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Reads a 128-bit id, big-endian.</summary>
    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    /// <summary>Reads an unsigned varint of at most five bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadUnsignedVarint() =>
        (uint)_position < (uint)_span.Length && _span[_position] < 0x80 ? _span[_position++] : ReadLongVarint();

    private uint ReadLongVarint()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte next = Take(1)[0];
            if (shift == 28 && next > 0x0F)
            {
                throw new MalformedMessageException("A varint does not fit into 32 bits.");
            }

            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new MalformedMessageException("A varint has more than five bytes.");
    }

    /// <summary>Reads a string with a 16-bit length, or a compact one in a flexible version; null where that is allowed and sent.</summary>
    public string? ReadNullableString(bool flexible)
    {
        int length = flexible ? ReadCompactLength() : ReadInt16();
        return length < 0 ? RequireMinusOne(length) : ReadText(length);
    }

    /// <summary>Reads a string that may not be null.</summary>
    public string ReadString(bool flexible) =>
        ReadNullableString(flexible) ?? throw new MalformedMessageException("A string that must be there is null.");

    /// <summary>Reads bytes with a 32-bit length, or a compact one in a flexible version; null where that is allowed and sent.</summary>
    public ReadOnlyMemory<byte>? ReadNullableBytes(bool flexible)
    {
        int length = flexible ? ReadCompactLength() : ReadInt32();
        if (length < 0)
        {
            RequireMinusOne(length);
            return null;
        }

        return ReadSlice(length);
    }

    /// <summary>Reads bytes that may not be null.</summary>
    public ReadOnlyMemory<byte> ReadBytes(bool flexible) =>
        ReadNullableBytes(flexible) ?? throw new MalformedMessageException("A byte field that must be there is null.");

    /// <summary>
    /// Reads an array's element count, -1 for null, and refuses one that cannot fit into what is left.
    /// </summary>
    /// <param name="flexible">Whether the count is a compact one.</param>
    /// <param name="minimumElementBytes">The fewest bytes that one element can take, at least 1.</param>
    public int ReadArrayCount(bool flexible, int minimumElementBytes)
    {
        int count = flexible ? ReadCompactLength() : ReadInt32();
        if (count < 0)
        {
            RequireMinusOne(count);
            return -1;
        }

        if (count > MaxArrayElements || (long)count * minimumElementBytes > Remaining)
        {
            throw new MalformedMessageException($"An array claims {count} elements with {Remaining} bytes left.");
        }

        return count;
    }

    /// <summary>Reads the element count of an array that may not be null, like <see cref="ReadArrayCount"/>.</summary>
    public int ReadRequiredArrayCount(bool flexible, int minimumElementBytes)
    {
        int count = ReadArrayCount(flexible, minimumElementBytes);
        return count >= 0 ? count : throw new MalformedMessageException("An array that must be there is null.");
    }

    /// <summary>Reads the byte before a struct that may be null: negative stands for null.</summary>
    public bool ReadIsPresent() => ReadInt8() >= 0;

    /// <summary>Reads how many tagged fields follow (KIP-482); each takes at least two bytes.</summary>
    public int ReadTaggedFieldCount()
    {
        uint count = ReadUnsignedVarint();
        if (count > MaxTaggedFields || count * 2 > Remaining)
        {
            throw new MalformedMessageException($"A struct claims {count} tagged fields with {Remaining} bytes left.");
        }

        return (int)count;
    }

    /// <summary>Reads the tag and the size that precede a tagged field's value.</summary>
    /// <param name="previousTag">The tag before, -1 at first; set to this one. Tags ascend within a struct.</param>
    /// <param name="sizeInBytes">How many bytes the value takes, checked against what is left.</param>
    public int ReadTag(ref int previousTag, out int sizeInBytes)
    {
        uint tag = ReadUnsignedVarint();
        if (tag > int.MaxValue || (int)tag <= previousTag)
        {
            throw new MalformedMessageException($"The tag {tag} follows the tag {previousTag}.");
        }

        uint size = ReadUnsignedVarint();
        if (size > (uint)Remaining)
        {
            throw new MalformedMessageException($"A tagged field of {size} bytes does not fit into the {Remaining} bytes left.");
        }

        previousTag = (int)tag;
        sizeInBytes = (int)size;
        return (int)tag;
    }

    /// <summary>Checks that a tagged field's value ended where its size said.</summary>
    public readonly void RequireTaggedFieldEnd(int end)
    {
        if (_position != end)
        {
            throw new MalformedMessageException("A tagged field is longer or shorter than its size says.");
        }
    }

    /// <summary>Returns the next <paramref name="length"/> bytes as a slice of the buffer.</summary>
    public ReadOnlyMemory<byte> ReadSlice(int length)
    {
        RequireRemaining(length);
        ReadOnlyMemory<byte> slice = _memory.Slice(_position, length);
        _position += length;
        return slice;
    }

    /// <summary>Passes over <paramref name="length"/> bytes.</summary>
    public void Skip(int length)
    {
        RequireRemaining(length);
        _position += length;
    }

    /// <summary>Returns the bytes from <paramref name="start"/>, a <see cref="Position"/> seen earlier, to the current position.</summary>
    public readonly ReadOnlyMemory<byte> SliceFrom(int start) => _memory[start.._position];

    /// <summary>Returns the bytes between two positions seen earlier.</summary>
    public readonly ReadOnlyMemory<byte> SliceBetween(int start, int end) => _memory[start..end];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int length)
    {
        RequireRemaining(length);
        ReadOnlySpan<byte> slice = _span.Slice(_position, length);
        _position += length;
        return slice;
    }

    /// <summary>Bytes that are not UTF-8 become U+FFFD, as they do in Kafka: there are clients with a client id in Latin-1.</summary>
    private string ReadText(int length) => Encoding.UTF8.GetString(Take(length));

    private int ReadCompactLength()
    {
        uint value = ReadUnsignedVarint();
        if (value > int.MaxValue)
        {
            throw new MalformedMessageException($"A length of {value} is too large.");
        }

        return (int)value - 1;
    }

    private static string? RequireMinusOne(int length) =>
        length == -1 ? null : throw new MalformedMessageException($"A length of {length} is negative.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void RequireRemaining(int length)
    {
        if ((uint)length > (uint)(_span.Length - _position))
        {
            ThrowTooShort(length);
        }
    }

    private readonly void ThrowTooShort(int length) =>
        throw new MalformedMessageException($"A field of {length} bytes does not fit into the {Remaining} bytes left.");
}
