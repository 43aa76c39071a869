using Ottla.Protocol;

namespace Ottla.Replication.Partitions;

/// <summary>What became of an append to a partition.</summary>
public readonly record struct PartitionAppend
{
    /// <summary>None, or why nothing was appended.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The refusal's reason, for people; null without an error.</summary>
    public string? Message { get; init; }

    /// <summary>Offset of the batch's first record, or -1.</summary>
    public long BaseOffset { get; init; }

    /// <summary>Offset of the batch's last record, or -1.</summary>
    public long LastOffset { get; init; }

    /// <summary>The time stamped on the batch, in milliseconds since 1970; -1 when the producer's timestamps stand.</summary>
    public long LogAppendTime { get; init; }

    /// <summary>The first offset of the log, or -1.</summary>
    public long LogStartOffset { get; init; }

    /// <summary>Whether the batch had been appended before, and the offsets are those of then.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>Whether <c>flush.messages</c> asks that the log be synced before the append is acknowledged.</summary>
    public bool IsFlushDue { get; init; }

    /// <summary>An append that was refused.</summary>
    public static PartitionAppend Refused(ErrorCode error, string? message = null) => new()
    {
        Error = error,
        Message = message,
        BaseOffset = -1,
        LastOffset = -1,
        LogAppendTime = -1,
        LogStartOffset = -1,
    };
}
