using Ottla.Protocol;
using Ottla.Storage.Logs;

namespace Ottla.Replication.Partitions;

/// <summary>What an append asks of the partition besides its batch.</summary>
public readonly record struct AppendRequirements
{
    /// <summary>Requirements of a client's append that waits for the leader alone.</summary>
    public AppendRequirements()
    {
    }

    /// <summary>Who appends.</summary>
    public AppendOrigin Origin { get; init; } = AppendOrigin.Client;

    /// <summary>-1 when all in-sync replicas must have the batch before it is acknowledged; then <c>min.insync.replicas</c> counts.</summary>
    public short RequiredAcks { get; init; } = 1;

    /// <summary>The epoch in which the caller believes that this broker leads; <see cref="LeaderEpoch.None"/> for whatever it is.</summary>
    public LeaderEpoch ExpectedLeaderEpoch { get; init; } = LeaderEpoch.None;

    /// <summary>The time to stamp on the batch, in milliseconds since 1970; null to keep the producer's timestamps.</summary>
    public long? LogAppendTime { get; init; }

    /// <summary>
    /// Whether the caller calls <see cref="Partition.WakeWaiting"/> itself, after its own answer is on its way; otherwise the append
    /// does so at once.
    /// </summary>
    public bool DefersWaking { get; init; }
}
