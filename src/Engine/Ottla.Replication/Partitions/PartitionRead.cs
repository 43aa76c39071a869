using Ottla.Protocol;

namespace Ottla.Replication.Partitions;

/// <summary>What a read of a partition found. The caller owns <see cref="Buffer"/>.</summary>
public readonly record struct PartitionRead
{
    /// <summary>None, or why nothing was read.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>Where <see cref="Records"/> lie; null when there are none.</summary>
    public PooledBuffer? Buffer { get; init; }

    /// <summary>Whole batches; the first may begin before the offset that was asked for.</summary>
    public ReadOnlyMemory<byte> Records { get; init; }

    /// <summary>Where the next read goes on.</summary>
    public long NextOffset { get; init; }

    /// <summary>The offset up to which records are committed, exclusive; -1 with an error.</summary>
    public long HighWatermark { get; init; }

    /// <summary>The offset up to which no transaction is open, exclusive; -1 with an error.</summary>
    public long LastStableOffset { get; init; }

    /// <summary>The first offset of the log; -1 when it is not known.</summary>
    public long LogStartOffset { get; init; }
}
