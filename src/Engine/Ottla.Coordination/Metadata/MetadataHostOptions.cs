using Microsoft.Extensions.Logging;
using Ottla.Core.Configuration;
using Ottla.Core.Controller;

namespace Ottla.Coordination.Metadata;

/// <summary>What a <see cref="MetadataHost"/> is made of.</summary>
public sealed record MetadataHostOptions
{
    /// <summary>The cluster's id, as <c>meta.properties</c> has it.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The broker's configuration as given at start.</summary>
    public required BrokerConfiguration Configuration { get; init; }

    /// <summary>Where ids of new topics come from.</summary>
    public required ITopicIdSource TopicIds { get; init; }

    /// <summary>Wall clock, monotonic clock and timers.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Where events are logged.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>How many requests may wait for the controller; more are answered with THROTTLING_QUOTA_EXCEEDED.</summary>
    public int MaxQueuedCommands { get; init; } = 10_000;
}
