using Ottla.Protocol;

namespace Ottla.Coordination.Hosts;

/// <summary>The log of one coordinator partition, as its leader sees it.</summary>
public interface ICoordinatorLog
{
    /// <summary>The first offset there is.</summary>
    long LogStartOffset { get; }

    /// <summary>The offset after the last record.</summary>
    long LogEndOffset { get; }

    /// <summary>The largest batch that the log accepts (<c>max.message.bytes</c>).</summary>
    int MaxBatchBytes { get; }

    /// <summary>
    /// Appends one batch, patched in place. Called by one caller at a time. Errors: NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR,
    /// MESSAGE_TOO_LARGE and whatever else an append may answer.
    /// </summary>
    CoordinatorAppend Append(Memory<byte> batch);

    /// <summary>Completes when the record at an offset is committed, or with the error that says that it may never be.</summary>
    ValueTask<ErrorCode> WaitUntilCommittedAsync(long offset, CancellationToken cancellationToken);

    /// <summary>Reads whole batches from an offset on, at least one if there is any. The caller disposes the result.</summary>
    ValueTask<CoordinatorRead> ReadAsync(long offset, int maxBytes, CancellationToken cancellationToken);
}
