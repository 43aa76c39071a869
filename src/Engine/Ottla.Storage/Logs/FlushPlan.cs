using Ottla.Storage.Checkpoints;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <summary>What one flush of a log writes and syncs.</summary>
internal sealed record FlushPlan
{
    /// <summary>The offset up to which all is durable afterwards.</summary>
    public required long TargetOffset { get; init; }

    public required IReadOnlyList<LogSegment> Closed { get; init; }

    /// <summary>The active segment, when it takes part and has something unsynced.</summary>
    public required LogSegment? Active { get; init; }

    public required IReadOnlyList<(long Offset, byte[] Bytes)> Snapshots { get; init; }

    /// <summary>The epochs, when the file has others.</summary>
    public required LeaderEpochCache? Epochs { get; init; }

    /// <summary>Whether the directory's names have to be synced.</summary>
    public required bool HasNewFiles { get; init; }
}
