using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Ottla.Protocol;

/// <summary>
/// Writes Kafka's primitive types into a buffer of the size that the size pass found. Not thread-safe. A gathering writer leaves
/// large record payloads out and lists them instead, so that they are sent from where they lie.
/// </summary>
public ref struct ProtocolWriter
{
    private readonly Span<byte> _buffer;
    private readonly List<GatheredRecords>? _gathered;
    private int _position;

    /// <summary>Writes from the first byte of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Large enough for <see cref="MessageSize.Total"/>, less <see cref="MessageSize.Gathered"/> when gathering.</param>
    /// <param name="gathered">Where record payloads of at least <see cref="MessageSize.GatherFromBytes"/> are listed; null to copy all.</param>
    public ProtocolWriter(Span<byte> buffer, List<GatheredRecords>? gathered = null)
    {
        _buffer = buffer;
        _gathered = gathered;
        _position = 0;
    }

    /// <summary>How many bytes were written into the buffer so far, without gathered payloads.</summary>
    public readonly int Position => _position;

    /// <summary>How many bytes an unsigned varint takes: 1 to 5.</summary>
    public static int SizeOfUnsignedVarint(uint value) => ((31 - BitOperations.LeadingZeroCount(value | 1)) / 7) + 1;

    /// <summary>How many bytes a string takes with its length.</summary>
    public static int SizeOfString(string? value, bool flexible)
    {
        int length = value is null ? 0 : Encoding.UTF8.GetByteCount(value);
        return length + (flexible ? SizeOfUnsignedVarint(value is null ? 0 : (uint)length + 1) : 2);
    }

    /// <summary>How many bytes the length of a byte field takes; -1 stands for null.</summary>
    public static int SizeOfBytesLength(int length, bool flexible) => flexible ? SizeOfUnsignedVarint((uint)(length + 1)) : 4;

    /// <summary>How many bytes a byte field takes with its length.</summary>
    public static int SizeOfBytes(ReadOnlyMemory<byte>? value, bool flexible) =>
        value is { } bytes ? SizeOfBytesLength(bytes.Length, flexible) + bytes.Length : SizeOfBytesLength(-1, flexible);

    /// <summary>How many bytes a tag and the size of its value take.</summary>
    public static int SizeOfTag(int tag, int valueBytes) => SizeOfUnsignedVarint((uint)tag) + SizeOfUnsignedVarint((uint)valueBytes);

    /// <summary>How many bytes an array's count takes; -1 stands for null.</summary>
    public static int SizeOfArrayCount(int count, bool flexible) => flexible ? SizeOfUnsignedVarint((uint)(count + 1)) : 4;

    /// <summary>Writes a boolean as one byte.</summary>
    public void WriteBoolean(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes a signed byte.</summary>
    public void WriteInt8(sbyte value) => Take(1)[0] = (byte)value;

    /// <summary>Writes a big-endian 16-bit integer.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    /// <summary>Writes a big-endian unsigned 16-bit integer.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    /// <summary>Writes a big-endian 32-bit integer.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    /// <summary>Writes a big-endian unsigned 32-bit integer.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    /// <summary>Writes a big-endian 64-bit integer.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    /// <summary>Writes a big-endian IEEE 754 double.</summary>
    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(8), value);

    /// <summary>Writes a 128-bit id, big-endian.</summary>
    public void WriteUuid(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);

    /// <summary>Writes an unsigned varint.</summary>
    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            Take(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Take(1)[0] = (byte)value;
    }

    /// <summary>Writes a string with its length.</summary>
    /// <exception cref="InvalidOperationException">The string is longer than a 16-bit length can say and the version is not flexible.</exception>
    public void WriteString(string? value, bool flexible)
    {
        int length = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        if (flexible)
        {
            WriteUnsignedVarint((uint)(length + 1));
        }
        else if (length <= short.MaxValue)
        {
            WriteInt16((short)length);
        }
        else
        {
            throw new InvalidOperationException($"A string of {length} bytes is longer than {short.MaxValue}.");
        }

        if (length > 0)
        {
            Encoding.UTF8.GetBytes(value, Take(length));
        }
    }

    /// <summary>Writes bytes with their length.</summary>
    public void WriteBytes(ReadOnlyMemory<byte>? value, bool flexible)
    {
        WriteBytesLength(value?.Length ?? -1, flexible);
        if (value is { } bytes)
        {
            WriteRaw(bytes.Span);
        }
    }

    /// <summary>Writes record batches with their length, or lists them for gathering.</summary>
    public void WriteRecords(ReadOnlyMemory<byte>? value, bool flexible)
    {
        WriteBytesLength(value?.Length ?? -1, flexible);
        if (value is not { } records)
        {
            return;
        }

        if (_gathered is not null && records.Length >= MessageSize.GatherFromBytes)
        {
            _gathered.Add(new GatheredRecords(_position, records));
            return;
        }

        WriteRaw(records.Span);
    }

    /// <summary>Writes an array's count; -1 stands for null.</summary>
    public void WriteArrayCount(int count, bool flexible) => WriteBytesLength(count, flexible);

    /// <summary>Writes bytes as they are, without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private void WriteBytesLength(int length, bool flexible)
    {
        if (flexible)
        {
            WriteUnsignedVarint((uint)(length + 1));
        }
        else
        {
            WriteInt32(length);
        }
    }

    private Span<byte> Take(int length)
    {
        Span<byte> slice = _buffer.Slice(_position, length);
        _position += length;
        return slice;
    }
}
