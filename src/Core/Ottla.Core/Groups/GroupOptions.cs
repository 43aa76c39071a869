namespace Ottla.Core.Groups;

/// <summary>The limits and times of consumer groups, named after the broker keys they come from. All times in milliseconds.</summary>
public sealed record GroupOptions
{
    /// <summary><c>group.min.session.timeout.ms</c>.</summary>
    public int MinSessionTimeoutMilliseconds { get; init; } = 6_000;

    /// <summary><c>group.max.session.timeout.ms</c>.</summary>
    public int MaxSessionTimeoutMilliseconds { get; init; } = 1_800_000;

    /// <summary><c>group.initial.rebalance.delay.ms</c>: how long the first generation of an empty group waits for more members.</summary>
    public int InitialRebalanceDelayMilliseconds { get; init; } = 3_000;

    /// <summary><c>group.max.size</c>: the most members of one group.</summary>
    public int MaxGroupSize { get; init; } = int.MaxValue;

    /// <summary><c>offset.metadata.max.bytes</c>: the longest metadata of a committed offset, in characters as in Kafka.</summary>
    public int MaxOffsetMetadataLength { get; init; } = 4_096;

    /// <summary><c>offsets.retention.minutes</c>, in milliseconds.</summary>
    public long OffsetsRetentionMilliseconds { get; init; } = 7L * 24 * 60 * 60 * 1_000;

    /// <summary><c>offsets.retention.check.interval.ms</c>.</summary>
    public long OffsetsRetentionCheckIntervalMilliseconds { get; init; } = 600_000;

    /// <summary>How long a member that has never been answered may wait for its first generation.</summary>
    public int NewMemberJoinTimeoutMilliseconds { get; init; } = 300_000;

    /// <summary>The most tombstones that one decision writes; the rest follows in the next one.</summary>
    public int MaxTombstonesPerDecision { get; init; } = 1_000;
}
