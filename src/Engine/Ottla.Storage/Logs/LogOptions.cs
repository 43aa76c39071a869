namespace Ottla.Storage.Logs;

/// <summary>What a topic's configuration says to its logs, under Kafka's names and with its defaults. Immutable.</summary>
public sealed record LogOptions
{
    /// <summary><c>segment.bytes</c>: a segment holds no more than this.</summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary><c>segment.ms</c>: a segment's batches span no more than this.</summary>
    public long SegmentMilliseconds { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary><c>segment.jitter.ms</c>: each segment takes a random part of this off <see cref="SegmentMilliseconds"/>.</summary>
    public long SegmentJitterMilliseconds { get; init; }

    /// <summary><c>segment.index.bytes</c>: a segment is closed when one of its indexes reaches this.</summary>
    public int SegmentIndexBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary><c>index.interval.bytes</c>: how much log lies between two index entries.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>retention.ms</c>: closed segments whose records are all older are deleted; -1 for never.</summary>
    public long RetentionMilliseconds { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary><c>retention.bytes</c>: the oldest closed segments are deleted while the log stays at least this large; -1 for never.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>cleanup.policy</c> contains delete. Without it only what DeleteRecords passed is deleted.</summary>
    public bool DeleteOldSegments { get; init; } = true;

    /// <summary><c>cleanup.policy</c> contains compact.</summary>
    public bool Compacted { get; init; }

    /// <summary><c>file.delete.delay.ms</c>: how long a deleted file keeps its bytes, for readers that still use it.</summary>
    public long FileDeleteDelayMilliseconds { get; init; } = 60_000;

    /// <summary><c>flush.messages</c>: after so many records the log is synced.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary><c>flush.ms</c>: no record stays unsynced longer.</summary>
    public long FlushMilliseconds { get; init; } = long.MaxValue;

    /// <summary><c>preallocate</c>: a new segment's space is reserved at once.</summary>
    public bool Preallocate { get; init; }
}
