using System.Net;

namespace Ottla.Broker.Hosting;

/// <summary>An address at which a broker serves.</summary>
/// <param name="Listener">The listener's name.</param>
/// <param name="EndPoint">What is bound, with the port that the kernel chose when 0 was asked for.</param>
/// <param name="AdvertisedHost">The host that clients are told.</param>
/// <param name="AdvertisedPort">The port that clients are told.</param>
public sealed record BoundEndpoint(string Listener, IPEndPoint EndPoint, string AdvertisedHost, int AdvertisedPort);
