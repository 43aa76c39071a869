using Ottla.Protocol;

namespace Ottla.Client.Consuming;

/// <summary>One assigned partition of a consumer. Guarded by the consumer's lock, but for the volatile version.</summary>
internal sealed class PartitionFetchState(TopicPartition partition)
{
    public const long Unknown = -1;

    private volatile int _version;

    public TopicPartition Partition => partition;

    /// <summary>Grows with every seek and when the partition is taken away: what was fetched before is then stale.</summary>
    public int Version => _version;

    /// <summary>The offset of the next record to hand to the reader: what a commit commits. Unknown until it is looked up.</summary>
    public long Position { get; set; } = Unknown;

    /// <summary>The offset to fetch next, ahead of <see cref="Position"/>.</summary>
    public long FetchPosition { get; set; } = Unknown;

    /// <summary>The time to look a position up for, see <see cref="Offsets.OffsetTime"/>; null to follow the reset policy.</summary>
    public long? ResetTime { get; set; }

    /// <summary>Whether the group's committed offset is to be asked for before the reset policy counts.</summary>
    public bool WantsCommitted { get; set; }

    public bool IsPaused { get; set; }

    /// <summary>The high watermark that the last fetch saw; unknown before.</summary>
    public long HighWatermark { get; set; } = Unknown;

    /// <summary>What was last committed, to leave out commits that change nothing.</summary>
    public long CommittedPosition { get; set; } = Unknown;

    /// <summary>Fetches of this partition wait until this timestamp, after an error.</summary>
    public long NotBefore { get; set; } = long.MinValue;

    public int FailedFetches { get; set; }

    public bool NeedsPosition => Position == Unknown;

    public bool IsAtEnd => HighWatermark != Unknown && Position != Unknown && Position >= HighWatermark;

    /// <summary>Goes to an offset.</summary>
    public void MoveTo(long offset)
    {
        _version++;
        Position = offset;
        FetchPosition = offset;
        ResetTime = null;
        WantsCommitted = false;
        HighWatermark = Unknown;
        NotBefore = long.MinValue;
        FailedFetches = 0;
    }

    /// <summary>Goes to the offset of a time, once it is looked up.</summary>
    public void MoveToTime(long? time)
    {
        MoveTo(Unknown);
        ResetTime = time;
    }

    /// <summary>Makes everything that is under way for this partition stale.</summary>
    public void Abandon() => _version++;
}
