using Ottla.Broker.Authorization;

namespace Ottla.Broker.Requests;

/// <summary>What all requests of one connection have in common. Read and changed by the connection's read loop only.</summary>
internal sealed class RequestSource
{
    public required string ClientHost { get; init; }

    public required ListenerName Listener { get; init; }

    public required Principal Principal { get; init; }

    public required long DeadlineMilliseconds { get; init; }

    /// <summary>What ApiVersions told, for later requests (KIP-511).</summary>
    public string? ClientSoftware { get; set; }
}
