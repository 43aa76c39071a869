using System.Buffers.Binary;
using Layout = Ottla.Records.RecordBatchLayout;

namespace Ottla.Records;

/// <summary>
/// Changes single fields of a complete batch in place. Base offset and leader epoch lie outside the checksum; the others compute it
/// anew over the whole batch. A span's first byte is the batch's first.
/// </summary>
public static class RecordBatchPatch
{
    /// <summary>Sets the offset of the first record.</summary>
    public static void SetBaseOffset(Span<byte> batch, long baseOffset) =>
        BinaryPrimitives.WriteInt64BigEndian(batch[Layout.BaseOffset..], baseOffset);

    /// <summary>Sets the epoch of the leader that appends the batch.</summary>
    public static void SetPartitionLeaderEpoch(Span<byte> batch, int partitionLeaderEpoch) =>
        BinaryPrimitives.WriteInt32BigEndian(batch[Layout.PartitionLeaderEpoch..], partitionLeaderEpoch);

    /// <summary>Makes <paramref name="timestamp"/>, in milliseconds since 1970, the append time of all records (KIP-32).</summary>
    public static void SetLogAppendTime(Span<byte> batch, long timestamp)
    {
        Span<byte> attributes = batch.Slice(Layout.Attributes, sizeof(short));
        BinaryPrimitives.WriteInt16BigEndian(
            attributes, (short)(BinaryPrimitives.ReadInt16BigEndian(attributes) | Layout.LogAppendTimeFlag));
        SetMaxTimestamp(batch, timestamp);
    }

    /// <summary>Corrects the largest timestamp, which some producers leave unset.</summary>
    public static void SetMaxTimestamp(Span<byte> batch, long maxTimestamp)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[Layout.MaxTimestamp..], maxTimestamp);
        SealChecksum(batch);
    }

    /// <summary>Sets the idempotent producer's id, epoch and first sequence number.</summary>
    public static void SetProducer(Span<byte> batch, long producerId, short producerEpoch, int baseSequence)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[Layout.ProducerId..], producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[Layout.ProducerEpoch..], producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[Layout.BaseSequence..], baseSequence);
        SealChecksum(batch);
    }

    internal static void SealChecksum(Span<byte> batch)
    {
        int size = BinaryPrimitives.ReadInt32BigEndian(batch[Layout.BatchLength..]) + Layout.LogOverhead;
        BinaryPrimitives.WriteUInt32BigEndian(batch[Layout.Crc..], Crc32C.Compute(batch[Layout.Attributes..size]));
    }
}
