using System.Collections.Immutable;
using Ottla.Protocol;

namespace Ottla.Core.Metadata;

/// <summary>A partition as the controller decided it.</summary>
public sealed record PartitionImage
{
    /// <summary>The partition's index within its topic.</summary>
    public required PartitionId Id { get; init; }

    /// <summary>The brokers that keep a copy; the first one is the preferred leader.</summary>
    public required ImmutableArray<BrokerId> Replicas { get; init; }

    /// <summary>The replicas that are in sync.</summary>
    public required ImmutableArray<BrokerId> Isr { get; init; }

    /// <summary>Replicas that a running reassignment takes away.</summary>
    public ImmutableArray<BrokerId> RemovingReplicas { get; init; } = [];

    /// <summary>Replicas that a running reassignment adds.</summary>
    public ImmutableArray<BrokerId> AddingReplicas { get; init; } = [];

    /// <summary>The replica that serves writes, or <see cref="BrokerId.None"/>.</summary>
    public required BrokerId Leader { get; init; }

    /// <summary>Whether the leader was elected uncleanly and still recovers (KIP-704): 0 recovered, 1 recovering.</summary>
    public sbyte LeaderRecoveryState { get; init; }

    /// <summary>Raised at each change of leader.</summary>
    public required LeaderEpoch LeaderEpoch { get; init; }

    /// <summary>Raised at each change of anything.</summary>
    public required int PartitionEpoch { get; init; }

    /// <summary>For each replica the log directory that keeps it (KIP-858); the all-zero id where that is not known.</summary>
    public ImmutableArray<Guid> Directories { get; init; } = [];

    /// <summary>Replicas that left the ISR and still have every committed record (KIP-966); null when there are none.</summary>
    public ImmutableArray<BrokerId>? EligibleLeaderReplicas { get; init; }

    /// <summary>Replicas that were eligible and shut down uncleanly (KIP-966); null when there are none.</summary>
    public ImmutableArray<BrokerId>? LastKnownElr { get; init; }

    /// <summary>Whether a reassignment is running.</summary>
    public bool IsReassigning => !RemovingReplicas.IsEmpty || !AddingReplicas.IsEmpty;

    /// <summary>The first replica, which leads unless it can't.</summary>
    public BrokerId PreferredLeader => Replicas.IsEmpty ? BrokerId.None : Replicas[0];
}
