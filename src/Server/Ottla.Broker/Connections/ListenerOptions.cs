using Ottla.Broker.Requests;

namespace Ottla.Broker.Connections;

/// <summary>One entry of <c>listeners</c> with what is advertised for it.</summary>
/// <param name="Name">The listener's name.</param>
/// <param name="Host">What it binds to; empty for every interface.</param>
/// <param name="Port">The port; 0 lets the kernel choose one.</param>
/// <param name="AdvertisedHost">The host that clients are told.</param>
/// <param name="AdvertisedPort">The port that clients are told; 0 for the one that was bound.</param>
internal sealed record ListenerOptions(ListenerName Name, string Host, int Port, string AdvertisedHost, int AdvertisedPort);
