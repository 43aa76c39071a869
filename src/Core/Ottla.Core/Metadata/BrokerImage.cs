using System.Collections.Immutable;
using Ottla.Protocol;

namespace Ottla.Core.Metadata;

/// <summary>A broker as it is registered.</summary>
public sealed record BrokerImage
{
    /// <summary>The broker's node id.</summary>
    public required BrokerId Id { get; init; }

    /// <summary>The epoch that its registration got: the offset of the record that registered it.</summary>
    public required long Epoch { get; init; }

    /// <summary>Chosen anew at each start of the broker's process.</summary>
    public required Guid IncarnationId { get; init; }

    /// <summary>Where the broker can be reached, one entry a listener.</summary>
    public ImmutableArray<BrokerEndpoint> Endpoints { get; init; } = [];

    /// <summary>What the broker can run at.</summary>
    public ImmutableArray<SupportedFeature> Features { get; init; } = [];

    /// <summary>The broker's rack; null when it named none.</summary>
    public string? Rack { get; init; }

    /// <summary>Whether the broker may neither lead nor be in sync, because it has not reported in.</summary>
    public bool Fenced { get; init; }

    /// <summary>Whether the broker is handing over before it stops.</summary>
    public bool InControlledShutdown { get; init; }

    /// <summary>The ids of the log directories that are online.</summary>
    public ImmutableArray<Guid> LogDirectories { get; init; } = [];

    /// <summary>The ids of the log directories that take no new partitions (KIP-1066); null when none was ever named.</summary>
    public ImmutableArray<Guid>? CordonedLogDirectories { get; init; }

    /// <summary>Whether partitions can be placed on this broker and led by it.</summary>
    public bool IsActive => !Fenced && !InControlledShutdown;

    /// <summary>Finds the endpoint of a listener, by name without regard to case.</summary>
    public BrokerEndpoint? FindEndpoint(string listener)
    {
        foreach (BrokerEndpoint endpoint in Endpoints)
        {
            if (string.Equals(endpoint.Listener, listener, StringComparison.OrdinalIgnoreCase))
            {
                return endpoint;
            }
        }

        return null;
    }
}
