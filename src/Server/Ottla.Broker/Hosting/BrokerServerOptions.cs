using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ottla.Core.Configuration;

namespace Ottla.Broker.Hosting;

/// <summary>What a <see cref="BrokerServer"/> is started with. Immutable.</summary>
public sealed record BrokerServerOptions
{
    /// <summary>The broker's configuration, as <see cref="BrokerConfiguration.Load"/> checked it.</summary>
    public required BrokerConfiguration Configuration { get; init; }

    /// <summary>All time comes from here.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where events are logged.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Where randomness comes from: ids of topics, members and sessions, and segment jitter. A seeded one makes them repeat.</summary>
    public Random Random { get; init; } = new();
}
