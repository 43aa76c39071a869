namespace Ottla.Broker.Connections;

/// <summary>The limits of connections and of what they may hold in memory.</summary>
internal sealed record ConnectionOptions
{
    /// <summary>Largest request in bytes (<c>socket.request.max.bytes</c>).</summary>
    public int MaxRequestBytes { get; init; } = 104_857_600;

    /// <summary>Most connections at a time over all listeners (<c>max.connections</c>).</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>Most connections at a time from one address (<c>max.connections.per.ip</c>).</summary>
    public int MaxConnectionsPerAddress { get; init; } = int.MaxValue;

    /// <summary>Other limits for some addresses (<c>max.connections.per.ip.overrides</c>).</summary>
    public IReadOnlyDictionary<string, int> MaxConnectionsOverrides { get; init; } = new Dictionary<string, int>();

    /// <summary>How long a connection may do nothing before it is closed (<c>connections.max.idle.ms</c>); negative for ever.</summary>
    public long MaxIdleMilliseconds { get; init; } = 600_000;

    /// <summary>Bytes of requests that may be read or handled at a time over all connections (<c>queued.max.request.bytes</c>); -1 for a share of the memory.</summary>
    public long RequestMemoryBytes { get; init; } = -1;

    /// <summary>Requests of one connection that may wait for their response at a time; the next ones stay in the socket.</summary>
    public int MaxInFlightRequests { get; init; } = 100;

    /// <summary>How long a stop waits for requests that are under way.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
