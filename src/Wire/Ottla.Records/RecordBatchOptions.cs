using Ottla.Protocol;
using Layout = Ottla.Records.RecordBatchLayout;

namespace Ottla.Records;

/// <summary>What a batch that is being built says in its header. The defaults are those of a plain, not idempotent producer.</summary>
public sealed record RecordBatchOptions
{
    /// <summary>A plain, uncompressed batch.</summary>
    public static RecordBatchOptions Default { get; } = new();

    /// <summary>Offset of the first record; 0 in what a producer sends.</summary>
    public long BaseOffset { get; init; }

    /// <summary>Epoch of the leader that appends the batch; none in what a producer sends.</summary>
    public LeaderEpoch LeaderEpoch { get; init; } = LeaderEpoch.None;

    /// <summary>How the records are compressed when the batch is built.</summary>
    public CompressionCodec Codec { get; init; }

    /// <summary>The codec's level, see <see cref="RecordCompression"/>; null for its default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>The idempotent producer's id.</summary>
    public ProducerId ProducerId { get; init; } = ProducerId.None;

    /// <summary>The idempotent producer's epoch; -1 for none.</summary>
    public short ProducerEpoch { get; init; } = Layout.NoProducerEpoch;

    /// <summary>Sequence number of the first record; -1 for none.</summary>
    public int BaseSequence { get; init; } = Layout.NoSequence;

    /// <summary>Whether the batch belongs to a transaction.</summary>
    public bool IsTransactional { get; init; }

    /// <summary>Whether the records are control records.</summary>
    public bool IsControl { get; init; }

    /// <summary>The append time, in milliseconds since 1970, that stands for all records' timestamps; null to keep those.</summary>
    public long? LogAppendTime { get; init; }

    /// <summary>The time, in milliseconds since 1970, from which compaction may drop tombstones (KIP-534); null for none.</summary>
    public long? DeleteHorizon { get; init; }

    /// <summary>The bytes to reserve at first, header included; the batch grows beyond them.</summary>
    public int InitialCapacityInBytes { get; init; } = 1024;
}
