using Ottla.Protocol;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Producers;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <summary>What stood on disk, checked and repaired.</summary>
internal sealed record LoadedLog
{
    public required TopicPartition TopicPartition { get; init; }

    public required TopicId TopicId { get; init; }

    public required string Path { get; init; }

    public required LogOptions Options { get; init; }

    /// <summary>At least one, in order; the last is active.</summary>
    public required IReadOnlyList<LogSegment> Segments { get; init; }

    public required LeaderEpochCache Epochs { get; init; }

    public required bool AreEpochsSaved { get; init; }

    public required ProducerStateTable Producers { get; init; }

    public required ProducerSnapshotStore Snapshots { get; init; }

    public required long LogStartOffset { get; init; }

    public required long LogEndOffset { get; init; }

    public required long RecoveryPoint { get; init; }

    /// <summary>Whether the log ends before the point up to which it was known to be durable.</summary>
    public required bool HasLostDurableRecords { get; init; }

    public required long HighWatermark { get; init; }
}
