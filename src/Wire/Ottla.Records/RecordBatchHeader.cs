using System.Buffers.Binary;
using Layout = Ottla.Records.RecordBatchLayout;

namespace Ottla.Records;

/// <summary>
/// The header of a record batch v2 (KIP-98), the unit that is produced, stored and fetched. An immutable copy of the bytes it was
/// read from: patching those does not change it.
/// </summary>
public readonly record struct RecordBatchHeader
{
    /// <summary>The bytes of a header; the records follow.</summary>
    public const int SizeInBytes = Layout.Records;

    /// <summary>Offset of the first record, assigned by the broker; 0 as produced.</summary>
    public long BaseOffset { get; init; }

    /// <summary>Bytes of the batch after this field; at least 49.</summary>
    public int BatchLength { get; init; }

    /// <summary>The leader epoch that the broker stamped; -1 as produced.</summary>
    public int PartitionLeaderEpoch { get; init; }

    /// <summary>The format's version, 2.</summary>
    public byte Magic { get; init; }

    /// <summary>CRC-32C of everything from the attributes to the end of the batch.</summary>
    public uint Crc { get; init; }

    /// <summary>Codec (bits 0-2), timestamp type (3), transactional (4), control (5), delete horizon (6).</summary>
    public short Attributes { get; init; }

    /// <summary>Offset of the last record less <see cref="BaseOffset"/>; kept by compaction even when that record is gone.</summary>
    public int LastOffsetDelta { get; init; }

    /// <summary>
    /// The timestamp, in milliseconds since 1970, that record timestamps are relative to: that of the first record as produced. With
    /// <see cref="HasDeleteHorizon"/> it is instead the time from which tombstones and markers may be removed (KIP-534).
    /// </summary>
    public long BaseTimestamp { get; init; }

    /// <summary>The largest record timestamp, or the broker's append time with <see cref="IsLogAppendTime"/>; -1 for none.</summary>
    public long MaxTimestamp { get; init; }

    /// <summary>The idempotent producer's id; -1 for none.</summary>
    public long ProducerId { get; init; }

    /// <summary>The idempotent producer's epoch; -1 for none.</summary>
    public short ProducerEpoch { get; init; }

    /// <summary>Sequence number of the first record; -1 for none.</summary>
    public int BaseSequence { get; init; }

    /// <summary>How many records there are; 0 only where compaction kept the bare header of a producer's last batch.</summary>
    public int RecordCount { get; init; }

    /// <summary>Offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The first offset after this batch.</summary>
    public long NextOffset => LastOffset + 1;

    /// <summary>All bytes of the batch, header included.</summary>
    public int TotalSizeInBytes => BatchLength + Layout.LogOverhead;

    /// <summary>How the records are compressed; a value outside the enumeration when a newer client sent a codec unknown here.</summary>
    public CompressionCodec Codec => (CompressionCodec)(Attributes & Layout.CodecMask);

    /// <summary>Whether <see cref="MaxTimestamp"/> is the broker's append time and stands for all records (KIP-32).</summary>
    public bool IsLogAppendTime => (Attributes & Layout.LogAppendTimeFlag) != 0;

    /// <summary>Whether the batch belongs to a transaction.</summary>
    public bool IsTransactional => (Attributes & Layout.TransactionalFlag) != 0;

    /// <summary>Whether the batch holds control records, see <see cref="ControlRecords"/>.</summary>
    public bool IsControl => (Attributes & Layout.ControlFlag) != 0;

    /// <summary>Whether <see cref="BaseTimestamp"/> is a delete horizon (KIP-534).</summary>
    public bool HasDeleteHorizon => (Attributes & Layout.DeleteHorizonFlag) != 0;

    /// <summary>Whether an idempotent producer wrote the batch.</summary>
    public bool HasProducerId => ProducerId > Layout.NoProducerId;

    /// <summary>Sequence number of the last record, which wraps from 2147483647 to 0; -1 for none.</summary>
    public int LastSequence => BaseSequence == Layout.NoSequence
        ? Layout.NoSequence
        : (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    /// <summary>
    /// Reads a header from the start of <paramref name="bytes"/>, which may hold less or more than the batch. False when there are
    /// fewer than 61 bytes, the magic is not 2, or a length, count or offset cannot be true. The checksum is not looked at.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordBatchHeader header)
    {
        if (bytes.Length < SizeInBytes)
        {
            header = default;
            return false;
        }

        header = ReadUnchecked(bytes);
        return header.FindFault() is null;
    }

    /// <summary>Reads the format version of a batch or of an old message set: the same byte in all of them.</summary>
    /// <returns>False when there are fewer than 17 bytes.</returns>
    public static bool TryReadMagic(ReadOnlySpan<byte> bytes, out byte magic)
    {
        bool isThere = bytes.Length > Layout.Magic;
        magic = isThere ? bytes[Layout.Magic] : default;
        return isThere;
    }

    /// <summary>Whether the checksum is that of <paramref name="batch"/>, whose first byte is the batch's first and which is complete.</summary>
    public bool CrcMatches(ReadOnlySpan<byte> batch) =>
        batch.Length >= TotalSizeInBytes && Crc32C.Compute(batch[Layout.Attributes..TotalSizeInBytes]) == Crc;

    /// <summary>The timestamp of a record of this batch, in milliseconds since 1970; -1 for none.</summary>
    /// <param name="timestampDelta">What the record says.</param>
    public long TimestampOf(long timestampDelta) => IsLogAppendTime ? MaxTimestamp : BaseTimestamp + timestampDelta;

    internal static RecordBatchHeader ReadUnchecked(ReadOnlySpan<byte> bytes) => new()
    {
        BaseOffset = BinaryPrimitives.ReadInt64BigEndian(bytes[Layout.BaseOffset..]),
        BatchLength = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.BatchLength..]),
        PartitionLeaderEpoch = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.PartitionLeaderEpoch..]),
        Magic = bytes[Layout.Magic],
        Crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[Layout.Crc..]),
        Attributes = BinaryPrimitives.ReadInt16BigEndian(bytes[Layout.Attributes..]),
        LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.LastOffsetDelta..]),
        BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[Layout.BaseTimestamp..]),
        MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[Layout.MaxTimestamp..]),
        ProducerId = BinaryPrimitives.ReadInt64BigEndian(bytes[Layout.ProducerId..]),
        ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(bytes[Layout.ProducerEpoch..]),
        BaseSequence = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.BaseSequence..]),
        RecordCount = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.RecordCount..]),
    };

    /// <summary>What cannot be true of the fields alone, whatever follows; null when nothing.</summary>
    internal string? FindFault()
    {
        if (Magic != Layout.CurrentMagic)
        {
            return "The batch's magic is not 2.";
        }

        if (BatchLength is < SizeInBytes - Layout.LogOverhead or > int.MaxValue - Layout.LogOverhead)
        {
            return "The batch's length is out of range.";
        }

        if (LastOffsetDelta < 0 || BaseOffset < 0 || BaseOffset > long.MaxValue - LastOffsetDelta - 1)
        {
            return "The batch's offset range is invalid.";
        }

        return RecordCount < 0 ? "The batch's record count is negative." : null;
    }

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes[Layout.BaseOffset..], BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.BatchLength..], BatchLength);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.PartitionLeaderEpoch..], PartitionLeaderEpoch);
        bytes[Layout.Magic] = Magic;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[Layout.Crc..], Crc);
        BinaryPrimitives.WriteInt16BigEndian(bytes[Layout.Attributes..], Attributes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.LastOffsetDelta..], LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(bytes[Layout.BaseTimestamp..], BaseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes[Layout.MaxTimestamp..], MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes[Layout.ProducerId..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(bytes[Layout.ProducerEpoch..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.BaseSequence..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.RecordCount..], RecordCount);
    }
}
