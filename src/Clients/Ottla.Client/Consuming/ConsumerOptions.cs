using Ottla.Protocol;

namespace Ottla.Client.Consuming;

/// <summary>How a <see cref="Consumer"/> reads. Immutable; defaults are Kafka's unless said otherwise.</summary>
public sealed record ConsumerOptions
{
    /// <summary>The group to join and to commit for (<c>group.id</c>); null to do neither.</summary>
    public string? GroupId { get; init; }

    /// <summary>A name that makes this a static member, whose restarts cause no rebalance (<c>group.instance.id</c>, KIP-345).</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary>Where to begin in a partition without a valid position.</summary>
    public AutoOffsetReset AutoOffsetReset { get; init; } = AutoOffsetReset.Latest;

    /// <summary>Whether positions are committed from time to time, on rebalances and on closing (<c>enable.auto.commit</c>).</summary>
    public bool EnableAutoCommit { get; init; } = true;

    /// <summary>How often positions are committed (<c>auto.commit.interval.ms</c>).</summary>
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this time without a heartbeat the group goes on without this member (<c>session.timeout.ms</c>).</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How often a heartbeat is sent (<c>heartbeat.interval.ms</c>).</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A member that does not ask for records for this long leaves its group (<c>max.poll.interval.ms</c>).</summary>
    public TimeSpan MaximumPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How partitions are shared out; members agree on the first that all of them have.</summary>
    public IReadOnlyList<AssignmentStrategy> AssignmentStrategies { get; init; } = [AssignmentStrategy.Range];

    /// <summary>A fetch is answered once this many bytes are there (<c>fetch.min.bytes</c>).</summary>
    public int FetchMinimumBytes { get; init; } = 1;

    /// <summary>A fetch is answered with at most about this many bytes (<c>fetch.max.bytes</c>).</summary>
    public int FetchMaximumBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary>The share of one partition in that (<c>max.partition.fetch.bytes</c>); a larger batch is returned all the same.</summary>
    public int MaximumPartitionFetchBytes { get; init; } = 1024 * 1024;

    /// <summary>A fetch is answered after this time even without enough bytes (<c>fetch.max.wait.ms</c>).</summary>
    public TimeSpan FetchMaximumWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the checksum of every batch is verified (<c>check.crcs</c>).</summary>
    public bool CheckCrcs { get; init; } = true;

    /// <summary>
    /// Whether reading ends when every partition was read up to its end, instead of waiting for more. The end is the high watermark that
    /// the last fetch saw.
    /// </summary>
    public bool StopAtEnd { get; init; }

    /// <summary>Called with the partitions that a rebalance gave this member, before the first of their records.</summary>
    public Func<IReadOnlyList<TopicPartition>, CancellationToken, ValueTask>? PartitionsAssigned { get; init; }

    /// <summary>Called with the partitions that a rebalance takes away, while they can still be committed.</summary>
    public Func<IReadOnlyList<TopicPartition>, CancellationToken, ValueTask>? PartitionsRevoked { get; init; }

    internal void Validate()
    {
        if (GroupId is { Length: 0 })
        {
            throw new ArgumentException("A group id cannot be empty.", nameof(GroupId));
        }

        if (AssignmentStrategies.Count == 0)
        {
            throw new ArgumentException("At least one strategy is needed.", nameof(AssignmentStrategies));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(FetchMinimumBytes, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(FetchMaximumBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumPartitionFetchBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(FetchMaximumWait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HeartbeatInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(SessionTimeout, HeartbeatInterval);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AutoCommitInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaximumPollInterval, TimeSpan.Zero);
    }
}
