using System.Globalization;
using System.Net;
using Ottla.Broker.Connections;
using Ottla.Broker.Requests;
using Ottla.Coordination.Groups;
using Ottla.Coordination.Hosts;
using Ottla.Core.Configuration;
using Ottla.Core.Groups;
using Ottla.Records;
using Ottla.Transport.Sockets;

namespace Ottla.Broker.Hosting;

/// <summary>What the configuration says to the parts that have options of their own.</summary>
internal static class ConfiguredOptions
{
    public static ConnectionOptions Connections(BrokerConfiguration configuration) => new()
    {
        MaxRequestBytes = configuration.Get(NetworkKeys.SocketRequestMaxBytes),
        MaxConnections = configuration.Get(NetworkKeys.MaxConnections),
        MaxConnectionsPerAddress = configuration.Get(NetworkKeys.MaxConnectionsPerIp),
        MaxConnectionsOverrides = Overrides(configuration.Get(NetworkKeys.MaxConnectionsPerIpOverrides)),
        MaxIdleMilliseconds = configuration.Get(NetworkKeys.ConnectionsMaxIdleMs),
        RequestMemoryBytes = configuration.Get(NetworkKeys.QueuedMaxRequestBytes),
    };

    /// <summary>Buffers are only set when somebody asks for it, because a buffer that is set is one that Linux no longer tunes.</summary>
    public static TransportOptions Transport(BrokerConfiguration configuration) => new()
    {
        SendBufferBytes = configuration.IsSet(NetworkKeys.SocketSendBufferBytes) ? configuration.Get(NetworkKeys.SocketSendBufferBytes) : -1,
        ReceiveBufferBytes = configuration.IsSet(NetworkKeys.SocketReceiveBufferBytes) ? configuration.Get(NetworkKeys.SocketReceiveBufferBytes) : -1,
        ListenBacklog = configuration.Get(NetworkKeys.SocketListenBacklogSize),
    };

    public static IReadOnlyList<ListenerOptions> Listeners(BrokerConfiguration configuration) =>
        [.. configuration.Listeners.Select(static listener => new ListenerOptions(
            new ListenerName(listener.Name),
            listener.Host,
            listener.Port,
            listener.AdvertisedHost.Length > 0 ? listener.AdvertisedHost : OwnHost(listener.Host),
            listener.AdvertisedPort))];

    public static GroupCoordinatorOptions Groups(BrokerConfiguration configuration) => new()
    {
        Groups = new GroupOptions
        {
            MinSessionTimeoutMilliseconds = configuration.Get(GroupKeys.GroupMinSessionTimeoutMs),
            MaxSessionTimeoutMilliseconds = configuration.Get(GroupKeys.GroupMaxSessionTimeoutMs),
            InitialRebalanceDelayMilliseconds = configuration.Get(GroupKeys.GroupInitialRebalanceDelayMs),
            MaxGroupSize = configuration.Get(GroupKeys.GroupMaxSize),
            MaxOffsetMetadataLength = configuration.Get(GroupKeys.OffsetMetadataMaxBytes),
            OffsetsRetentionMilliseconds = configuration.Get(GroupKeys.OffsetsRetentionMinutes) * 60_000L,
            OffsetsRetentionCheckIntervalMilliseconds = configuration.Get(GroupKeys.OffsetsRetentionCheckIntervalMs),
        },
        Host = new CoordinatorHostOptions { BatchCodec = (CompressionCodec)configuration.Get(GroupKeys.OffsetsTopicCompressionCodec) },
    };

    private static string OwnHost(string boundHost) => boundHost is "" or "0.0.0.0" or "::" ? Dns.GetHostName() : boundHost;

    private static Dictionary<string, int> Overrides(string text)
    {
        var overrides = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = entry.LastIndexOf(':');
            if (colon <= 0
                || !IPAddress.TryParse(entry.AsSpan(0, colon), out IPAddress? address)
                || !int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                throw new InvalidOperationException(
                    $"Invalid value {entry} for configuration {NetworkKeys.MaxConnectionsPerIpOverrides.Name}: allowed is ADDRESS:COUNT.");
            }

            overrides[address.ToString()] = count;
        }

        return overrides;
    }
}
