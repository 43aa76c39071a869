using System.Buffers.Binary;
using System.IO.Hashing;

namespace Ottla.Records.Legacy;

/// <summary>One message of format v0 or v1 as it lies in its set.</summary>
internal readonly ref struct LegacyMessage
{
    private LegacyMessage(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The message with its offset and size.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public byte Magic => Bytes[LegacyLayout.Magic];

    public CompressionCodec Codec => (CompressionCodec)(Bytes[LegacyLayout.Attributes] & LegacyLayout.CodecMask);

    public bool IsLogAppendTime => Magic > 0 && (Bytes[LegacyLayout.Attributes] & LegacyLayout.LogAppendTimeFlag) != 0;

    public long Timestamp => Magic == 0
        ? RecordBatchLayout.NoTimestamp
        : BinaryPrimitives.ReadInt64BigEndian(Bytes[LegacyLayout.Timestamp..]);

    public bool CrcMatches =>
        Crc32.HashToUInt32(Bytes[LegacyLayout.Magic..]) == BinaryPrimitives.ReadUInt32BigEndian(Bytes[LegacyLayout.Crc..]);

    /// <summary>Reads the message at the start of <paramref name="bytes"/>.</summary>
    /// <returns>False when it is not complete there, or its size cannot be true.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LegacyMessage message, out bool isSizeFalse)
    {
        message = default;
        isSizeFalse = false;
        if (bytes.Length < LegacyLayout.LogOverhead)
        {
            return false;
        }

        int size = BinaryPrimitives.ReadInt32BigEndian(bytes[LegacyLayout.Size..]);
        isSizeFalse = size < LegacyLayout.MinimumSize;
        if (isSizeFalse || size > bytes.Length - LegacyLayout.LogOverhead)
        {
            return false;
        }

        message = new LegacyMessage(bytes[..(size + LegacyLayout.LogOverhead)]);
        return true;
    }

    /// <summary>Reads key and value; false when their lengths do not end exactly where the message does.</summary>
    public bool TryReadContent(out NullableBytes key, out NullableBytes value)
    {
        int position = LegacyLayout.KeyLengthAt(Magic);
        value = default;
        return TryReadBytes(ref position, out key) && TryReadBytes(ref position, out value) && position == Bytes.Length;
    }

    private bool TryReadBytes(scoped ref int position, out NullableBytes value)
    {
        value = default;
        if (!BinaryPrimitives.TryReadInt32BigEndian(Bytes[position..], out int length))
        {
            return false;
        }

        position += sizeof(int);
        if (length < 0)
        {
            return true;
        }

        if (length > Bytes.Length - position)
        {
            return false;
        }

        value = Bytes.Slice(position, length);
        position += length;
        return true;
    }
}
