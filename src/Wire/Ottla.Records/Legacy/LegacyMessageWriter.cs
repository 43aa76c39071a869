using System.Buffers.Binary;
using System.IO.Hashing;
using Ottla.Records.Compression;

namespace Ottla.Records.Legacy;

/// <summary>Writes messages of one old format.</summary>
internal readonly struct LegacyMessageWriter(byte magic, bool isLogAppendTime)
{
    /// <summary>How many bytes a message takes with its offset and size.</summary>
    public long SizeOf(NullableBytes key, NullableBytes value) =>
        LegacyLayout.KeyLengthAt(magic) + (2L * sizeof(int)) + key.Span.Length + value.Span.Length;

    public void Write(PooledOutput output, long offset, long timestamp, NullableBytes key, NullableBytes value, CompressionCodec codec = CompressionCodec.None)
    {
        int size = checked((int)SizeOf(key, value));
        Span<byte> bytes = output.GetRoom(size)[..size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, offset);
        BinaryPrimitives.WriteInt32BigEndian(bytes[LegacyLayout.Size..], size - LegacyLayout.LogOverhead);
        bytes[LegacyLayout.Magic] = magic;
        bytes[LegacyLayout.Attributes] = (byte)((byte)codec | (magic > 0 && isLogAppendTime ? LegacyLayout.LogAppendTimeFlag : 0));
        if (magic > 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes[LegacyLayout.Timestamp..], timestamp);
        }

        int position = WriteBytes(bytes, LegacyLayout.KeyLengthAt(magic), key);
        WriteBytes(bytes, position, value);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[LegacyLayout.Crc..], Crc32.HashToUInt32(bytes[LegacyLayout.Magic..]));
        output.Advance(size);
    }

    private static int WriteBytes(Span<byte> bytes, int position, NullableBytes value)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes[position..], value.EncodedLength);
        position += sizeof(int);
        value.Span.CopyTo(bytes[position..]);
        return position + value.Span.Length;
    }
}
