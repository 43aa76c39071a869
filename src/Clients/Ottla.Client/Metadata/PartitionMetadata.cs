using Ottla.Protocol;

namespace Ottla.Client.Metadata;

/// <summary>One partition as the cluster's metadata has it.</summary>
public sealed record PartitionMetadata
{
    /// <summary>The partition's number.</summary>
    public required PartitionId Partition { get; init; }

    /// <summary>The broker that leads it; -1 while none does.</summary>
    public required BrokerId Leader { get; init; }

    /// <summary>The leader's epoch; -1 from brokers that do not tell.</summary>
    public required LeaderEpoch LeaderEpoch { get; init; }

    /// <summary>The brokers that hold the partition, the preferred leader first.</summary>
    public required IReadOnlyList<BrokerId> Replicas { get; init; }

    /// <summary>Those of <see cref="Replicas"/> that are in sync.</summary>
    public required IReadOnlyList<BrokerId> Isr { get; init; }

    /// <summary>Those of <see cref="Replicas"/> that are offline.</summary>
    public required IReadOnlyList<BrokerId> OfflineReplicas { get; init; }
}
