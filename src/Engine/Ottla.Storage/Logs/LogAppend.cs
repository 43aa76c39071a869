using Ottla.Protocol;

namespace Ottla.Storage.Logs;

/// <summary>What became of an append.</summary>
public readonly record struct LogAppend
{
    /// <summary><see cref="ErrorCode.None"/> when the batch is in the log, now or as a duplicate from before.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The reason of a refusal, fit for the response.</summary>
    public string? Message { get; init; }

    /// <summary>The first record's offset; -1 when refused.</summary>
    public long BaseOffset { get; init; }

    /// <summary>The last record's offset; -1 when refused.</summary>
    public long LastOffset { get; init; }

    /// <summary>The time that the log gave the batch, in milliseconds since 1970; -1 when the producer's timestamps stand.</summary>
    public long LogAppendTime { get; init; }

    /// <summary>Where the log began at this moment.</summary>
    public long LogStartOffset { get; init; }

    /// <summary>The batch was appended before, and the offsets are those of that time (KIP-98).</summary>
    public bool IsDuplicate { get; init; }

    /// <summary><c>flush.messages</c> is reached: the answer has to wait for <see cref="PartitionLog.FlushAsync"/>.</summary>
    public bool IsFlushDue { get; init; }

    internal static LogAppend Refused(ErrorCode error, string message, long logStartOffset) => new()
    {
        Error = error,
        Message = message,
        BaseOffset = -1,
        LastOffset = -1,
        LogAppendTime = -1,
        LogStartOffset = logStartOffset,
    };
}
