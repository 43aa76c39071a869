using System.Text;

namespace Ottla.Records;

/// <summary>Encodes one record: sizes first, so that it is written in one pass into room that is known to suffice.</summary>
internal readonly ref struct RecordWriter(int offsetDelta, long timestampDelta, int headerCount)
{
    private const int AttributesSize = 1;

    public long SizeOfBody(NullableBytes key, NullableBytes value, int headerBytes) =>
        AttributesSize
        + Varint.SizeOf(timestampDelta)
        + Varint.SizeOf(offsetDelta)
        + Varint.SizeOf(key.EncodedLength) + (long)key.Span.Length
        + Varint.SizeOf(value.EncodedLength) + value.Span.Length
        + Varint.SizeOf(headerCount) + headerBytes;

    /// <summary>Writes everything but the headers and returns the position where those go.</summary>
    public int Write(Span<byte> bytes, int position, int bodySize, NullableBytes key, NullableBytes value)
    {
        position = Varint.Write(bytes, position, bodySize);
        bytes[position++] = 0;
        position = Varint.Write(bytes, position, timestampDelta);
        position = Varint.Write(bytes, position, offsetDelta);
        position = WriteBytes(bytes, position, key);
        position = WriteBytes(bytes, position, value);
        return Varint.Write(bytes, position, headerCount);
    }

    public static int SizeOfHeaders(ReadOnlySpan<RecordHeader> headers)
    {
        int size = 0;
        foreach (RecordHeader header in headers)
        {
            int keyLength = Encoding.UTF8.GetByteCount(header.Key);
            NullableBytes value = header.Value;
            size = checked(size + Varint.SizeOf(keyLength) + keyLength + Varint.SizeOf(value.EncodedLength) + value.Span.Length);
        }

        return size;
    }

    public static void WriteHeaders(Span<byte> bytes, ReadOnlySpan<RecordHeader> headers)
    {
        int position = 0;
        foreach (RecordHeader header in headers)
        {
            position = Varint.Write(bytes, position, Encoding.UTF8.GetByteCount(header.Key));
            position += Encoding.UTF8.GetBytes(header.Key, bytes[position..]);
            position = WriteBytes(bytes, position, header.Value);
        }
    }

    private static int WriteBytes(Span<byte> bytes, int position, NullableBytes value)
    {
        position = Varint.Write(bytes, position, value.EncodedLength);
        value.Span.CopyTo(bytes[position..]);
        return position + value.Span.Length;
    }
}
