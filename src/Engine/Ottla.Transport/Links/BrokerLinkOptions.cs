using Ottla.Transport.Sockets;

namespace Ottla.Transport.Links;

/// <summary>How a link is set up.</summary>
public sealed record BrokerLinkOptions
{
    /// <summary>What every request header carries as client id.</summary>
    public string? ClientId { get; init; }

    /// <summary>No answer may be larger than this, in bytes.</summary>
    public int MaxResponseBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>The clock of the request timeouts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How the socket is set up.</summary>
    public TransportOptions Transport { get; init; } = TransportOptions.Default;
}
