using Ottla.Protocol;

namespace Ottla.Storage.Logs;

/// <summary>Which log to open, and what the directory's checkpoints say of it.</summary>
internal sealed record LogLoadRequest
{
    public required TopicPartition TopicPartition { get; init; }

    /// <summary>The log's directory.</summary>
    public required string Path { get; init; }

    public required LogOptions Options { get; init; }

    /// <summary>Whether the directory was stopped cleanly, so that all files are as they were meant to be.</summary>
    public required bool IsClean { get; init; }

    /// <summary>Up to where the log is known to be durable; 0 when that is not known.</summary>
    public required long RecoveryPoint { get; init; }

    /// <summary>Where the log begins according to the checkpoint; null when it says nothing.</summary>
    public required long? LogStartOffset { get; init; }

    /// <summary>The high watermark according to the checkpoint; null when it says nothing.</summary>
    public required long? HighWatermark { get; init; }
}
