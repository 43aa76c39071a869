using Microsoft.Extensions.Logging;
using Ottla.Broker.Metrics;
using Ottla.Broker.Requests.ApiVersions;
using Ottla.Broker.Requests.Fetch;
using Ottla.Broker.Requests.Metadata;
using Ottla.Broker.Requests.Partitions;
using Ottla.Broker.Requests.Producers;
using Ottla.Coordination.Groups;
using Ottla.Coordination.Metadata;
using Ottla.Core.Configuration;
using Ottla.Protocol;
using Ottla.Replication.Partitions;
using Ottla.Storage.Directories;

namespace Ottla.Broker.Requests;

/// <summary>What the handlers are made of: every part of the broker that a handler may call.</summary>
internal sealed record BrokerParts
{
    /// <summary>The configuration given at start.</summary>
    public required BrokerConfiguration Configuration { get; init; }

    /// <summary>This broker.</summary>
    public required BrokerId Self { get; init; }

    /// <summary>Wall clock and monotonic clock.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Who this broker is.</summary>
    public required ApiVersionsIdentity Identity { get; init; }

    /// <summary>What the broker counts.</summary>
    public required BrokerMetrics Metrics { get; init; }

    /// <summary>Where handlers log.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>The metadata and the controller.</summary>
    public required MetadataHost Metadata { get; init; }

    /// <summary>The configuration given at start, under what was set at run time.</summary>
    public required EffectiveConfiguration EffectiveConfiguration { get; init; }

    /// <summary>Creates topics that somebody asked about, the internal ones included.</summary>
    public required TopicAutoCreation AutoCreation { get; init; }

    /// <summary>The groups of this broker.</summary>
    public required GroupCoordinator Groups { get; init; }

    /// <summary>The partitions of this broker.</summary>
    public required PartitionSet Partitions { get; init; }

    /// <summary>Finds partitions for requests.</summary>
    public required PartitionDirectory PartitionDirectory { get; init; }

    /// <summary>The log directories.</summary>
    public required LogDirectories LogDirectories { get; init; }

    /// <summary>Where producer ids come from.</summary>
    public required ProducerIdSource ProducerIds { get; init; }

    /// <summary>The fetch sessions.</summary>
    public required FetchSessionCache FetchSessions { get; init; }

    /// <summary>Whether the broker is on its way down.</summary>
    public required Func<bool> IsStopping { get; init; }
}
