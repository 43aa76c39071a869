using System.Collections.Immutable;

namespace Ottla.Core.Metadata;

/// <summary>A controller as it is registered (KIP-919).</summary>
public sealed record ControllerImage
{
    /// <summary>The controller's node id.</summary>
    public required int Id { get; init; }

    /// <summary>Chosen anew at each start of the controller's process.</summary>
    public required Guid IncarnationId { get; init; }

    /// <summary>Kept from clusters that came from ZooKeeper.</summary>
    public bool ZkMigrationReady { get; init; }

    /// <summary>Where the controller can be reached.</summary>
    public ImmutableArray<BrokerEndpoint> Endpoints { get; init; } = [];

    /// <summary>What the controller can run at.</summary>
    public ImmutableArray<SupportedFeature> Features { get; init; } = [];
}
