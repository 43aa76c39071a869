using Microsoft.Extensions.Logging;
using Ottla.Broker.Metrics;
using Ottla.Broker.Requests.ApiVersions;

namespace Ottla.Broker.Requests;

/// <summary>What the handlers are made of: every part of the broker that a handler may call.</summary>
internal sealed record BrokerParts
{
    /// <summary>Wall clock and monotonic clock.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Who this broker is.</summary>
    public required ApiVersionsIdentity Identity { get; init; }

    /// <summary>What the broker counts.</summary>
    public required BrokerMetrics Metrics { get; init; }

    /// <summary>Where handlers log.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }
}
