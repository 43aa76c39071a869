using System.Buffers.Binary;

namespace Ottla.Records;

/// <summary>
/// The records of control batches. A key is a 16-bit version and a 16-bit type; a consumer that meets other keys gets stuck at them.
/// </summary>
public static class ControlRecords
{
    /// <summary>The bytes of a key.</summary>
    public const int KeySizeInBytes = 4;

    private const short KeyVersion = 0;
    private const int MarkerValueBytes = 6;

    /// <summary>Makes the key of a control record.</summary>
    public static byte[] CreateKey(ControlRecordType type)
    {
        byte[] key = new byte[KeySizeInBytes];
        BinaryPrimitives.WriteInt16BigEndian(key, KeyVersion);
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(2), (short)type);
        return key;
    }

    /// <summary>Reads the key of a control record; a type that is not known here becomes <see cref="ControlRecordType.Unknown"/>.</summary>
    /// <returns>False when the key is too short or of a negative version.</returns>
    public static bool TryReadKey(ReadOnlySpan<byte> key, out ControlRecordType type)
    {
        type = ControlRecordType.Unknown;
        if (key.Length < KeySizeInBytes || BinaryPrimitives.ReadInt16BigEndian(key) < KeyVersion)
        {
            return false;
        }

        short raw = BinaryPrimitives.ReadInt16BigEndian(key[2..]);
        type = raw is >= (short)ControlRecordType.Abort and <= (short)ControlRecordType.KRaftVoters
            ? (ControlRecordType)raw
            : ControlRecordType.Unknown;
        return true;
    }

    /// <summary>Makes the value of a transaction marker: version 0 and the transaction coordinator's epoch.</summary>
    public static byte[] CreateMarkerValue(int coordinatorEpoch)
    {
        byte[] value = new byte[MarkerValueBytes];
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(2), coordinatorEpoch);
        return value;
    }

    /// <summary>Reads the value of a transaction marker; false when it is too short or of a negative version.</summary>
    public static bool TryReadMarkerValue(ReadOnlySpan<byte> value, out int coordinatorEpoch)
    {
        coordinatorEpoch = default;
        if (value.Length < MarkerValueBytes || BinaryPrimitives.ReadInt16BigEndian(value) < 0)
        {
            return false;
        }

        coordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(value[2..]);
        return true;
    }
}
