using static Ottla.Core.Configuration.KeyFactory;

namespace Ottla.Core.Configuration;

/// <summary>Broker keys. Listeners, connections and request limits.</summary>
public static class NetworkKeys
{
    /// <summary>Where the broker listens: NAME://HOST:PORT, one entry a listener. Without a host it listens on all interfaces. Ottla listens on the loopback interface unless told otherwise; Apache Kafka on all.</summary>
    public static TypedKey<IReadOnlyList<string>> Listeners { get; } =
        List("listeners", "PLAINTEXT://127.0.0.1:9092", "Where the broker listens: NAME://HOST:PORT, one entry a listener. Without a host it listens on all interfaces. Ottla listens on the loopback interface unless told otherwise; Apache Kafka on all.");

    /// <summary>The addresses that clients are told to connect to, by listener name; without it the addresses of listeners.</summary>
    public static TypedKey<IReadOnlyList<string>> AdvertisedListeners { get; } =
        List("advertised.listeners", null, "The addresses that clients are told to connect to, by listener name; without it the addresses of listeners.");

    /// <summary>The security protocol of each listener name. Only PLAINTEXT is served so far.</summary>
    public static TypedKey<string> ListenerSecurityProtocolMap { get; } =
        Text("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL", "The security protocol of each listener name. Only PLAINTEXT is served so far.");

    /// <summary>Names of listeners that Apache Kafka opens for its controllers. Ottla opens no socket for them: its controller lives in the broker.</summary>
    public static TypedKey<IReadOnlyList<string>> ControllerListenerNames { get; } =
        List("controller.listener.names", null, "Names of listeners that Apache Kafka opens for its controllers. Ottla opens no socket for them: its controller lives in the broker.");

    /// <summary>The largest request in bytes; a larger one closes its connection before anything is allocated for it.</summary>
    public static TypedKey<int> SocketRequestMaxBytes { get; } =
        Int("socket.request.max.bytes", 104857600, IntFrom(1), "The largest request in bytes; a larger one closes its connection before anything is allocated for it.");

    /// <summary>The send buffer of a connection in bytes. Only a value that is set is applied; otherwise, and with -1, the system tunes the buffer itself.</summary>
    public static TypedKey<int> SocketSendBufferBytes { get; } =
        Int("socket.send.buffer.bytes", 102400, IntFrom(-1), "The send buffer of a connection in bytes. Only a value that is set is applied; otherwise, and with -1, the system tunes the buffer itself.");

    /// <summary>The receive buffer of a connection in bytes. Only a value that is set is applied; otherwise, and with -1, the system tunes the buffer itself.</summary>
    public static TypedKey<int> SocketReceiveBufferBytes { get; } =
        Int("socket.receive.buffer.bytes", 102400, IntFrom(-1), "The receive buffer of a connection in bytes. Only a value that is set is applied; otherwise, and with -1, the system tunes the buffer itself.");

    /// <summary>How many connections may wait to be accepted on one listener.</summary>
    public static TypedKey<int> SocketListenBacklogSize { get; } =
        Int("socket.listen.backlog.size", 50, IntFrom(1), "How many connections may wait to be accepted on one listener.");

    /// <summary>A connection without a request for this many milliseconds is closed; -1 keeps it for ever.</summary>
    public static TypedKey<long> ConnectionsMaxIdleMs { get; } =
        Long("connections.max.idle.ms", 600000, LongFrom(-1), "A connection without a request for this many milliseconds is closed; -1 keeps it for ever.");

    /// <summary>The most connections of all listeners at one time; the next ones wait to be accepted.</summary>
    public static TypedKey<int> MaxConnections { get; } =
        Int("max.connections", 2147483647, IntFrom(0), "The most connections of all listeners at one time; the next ones wait to be accepted.");

    /// <summary>The most connections from one address at one time; one more is closed at once.</summary>
    public static TypedKey<int> MaxConnectionsPerIp { get; } =
        Int("max.connections.per.ip", 2147483647, IntFrom(0), "The most connections from one address at one time; one more is closed at once.");

    /// <summary>Exceptions from max.connections.per.ip, as ADDRESS:COUNT separated by commas.</summary>
    public static TypedKey<string> MaxConnectionsPerIpOverrides { get; } =
        Text("max.connections.per.ip.overrides", "", "Exceptions from max.connections.per.ip, as ADDRESS:COUNT separated by commas.");

    /// <summary>The memory in bytes that requests being received or handled may take together; connections wait while it is used up. -1 stands for half of the memory that the process may use.</summary>
    public static TypedKey<long> QueuedMaxRequestBytes { get; } =
        Long("queued.max.request.bytes", -1, LongFrom(-1), "The memory in bytes that requests being received or handled may take together; connections wait while it is used up. -1 stands for half of the memory that the process may use.");

    /// <summary>The most bytes that one fetch response carries; the first batch is returned whole even when it is larger.</summary>
    public static TypedKey<int> FetchMaxBytes { get; } =
        Int("fetch.max.bytes", 57671680, IntFrom(1024), "The most bytes that one fetch response carries; the first batch is returned whole even when it is larger.");

    /// <summary>How many incremental fetch sessions (KIP-227) are kept.</summary>
    public static TypedKey<int> MaxIncrementalFetchSessionCacheSlots { get; } =
        Int("max.incremental.fetch.session.cache.slots", 1000, IntFrom(0), "How many incremental fetch sessions (KIP-227) are kept.");

    /// <summary>The most partitions that one DescribeTopicPartitions response describes.</summary>
    public static TypedKey<int> MaxRequestPartitionSizeLimit { get; } =
        Int("max.request.partition.size.limit", 2000, IntFrom(1), "The most partitions that one DescribeTopicPartitions response describes.");

    /// <summary>All keys of this group.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        Listeners,
        AdvertisedListeners,
        ListenerSecurityProtocolMap,
        ControllerListenerNames,
        SocketRequestMaxBytes,
        SocketSendBufferBytes,
        SocketReceiveBufferBytes,
        SocketListenBacklogSize,
        ConnectionsMaxIdleMs,
        MaxConnections,
        MaxConnectionsPerIp,
        MaxConnectionsPerIpOverrides,
        QueuedMaxRequestBytes,
        FetchMaxBytes,
        MaxIncrementalFetchSessionCacheSlots,
        MaxRequestPartitionSizeLimit,
    ];
}
