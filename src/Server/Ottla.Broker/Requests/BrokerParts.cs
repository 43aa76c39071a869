using Microsoft.Extensions.Logging;

namespace Ottla.Broker.Requests;

/// <summary>What the handlers are made of: every part of the broker that a handler may call.</summary>
internal sealed record BrokerParts
{
    /// <summary>Wall clock and monotonic clock.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Where handlers log.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }
}
