using static Ottla.Core.Configuration.KeyFactory;

namespace Ottla.Core.Configuration;

/// <summary>Broker keys. Who the node is and where its data lies.</summary>
public static class IdentityKeys
{
    /// <summary>The id of this node in its cluster. Once a data directory is in use it cannot change.</summary>
    public static TypedKey<int> NodeId { get; } =
        Int("node.id", 1, IntFrom(0), "The id of this node in its cluster. Once a data directory is in use it cannot change.");

    /// <summary>The old name of node.id, which is used where node.id is not set.</summary>
    public static TypedKey<int> BrokerId { get; } =
        Int("broker.id", -1, IntFrom(-1), "The old name of node.id, which is used where node.id is not set.");

    /// <summary>The rack that this broker tells clients it stands in.</summary>
    public static TypedKey<string> BrokerRack { get; } =
        Text("broker.rack", null, "The rack that this broker tells clients it stands in.");

    /// <summary>The id of the cluster, 22 characters of URL-safe base64. Without it a new data directory gets a random one.</summary>
    public static TypedKey<string> OttlaClusterId { get; } =
        Text("ottla.cluster.id", null, "The id of the cluster, 22 characters of URL-safe base64. Without it a new data directory gets a random one.");

    /// <summary>The data directory, where log.dirs is not set.</summary>
    public static TypedKey<IReadOnlyList<string>> LogDir { get; } =
        List("log.dir", "/tmp/ottla-logs", "The data directory, where log.dirs is not set.");

    /// <summary>The data directories, separated by commas.</summary>
    public static TypedKey<IReadOnlyList<string>> LogDirs { get; } =
        List("log.dirs", null, "The data directories, separated by commas.");

    /// <summary>The directory of the metadata log; without it the first of log.dirs.</summary>
    public static TypedKey<string> MetadataLogDir { get; } =
        Text("metadata.log.dir", null, "The directory of the metadata log; without it the first of log.dirs.");

    /// <summary>HOST:PORT of the HTTP endpoint for metrics and health; without it there is none.</summary>
    public static TypedKey<string> OttlaHttpListener { get; } =
        Text("ottla.http.listener", null, "HOST:PORT of the HTTP endpoint for metrics and health; without it there is none.");

    /// <summary>All keys of this group.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        NodeId,
        BrokerId,
        BrokerRack,
        OttlaClusterId,
        LogDir,
        LogDirs,
        MetadataLogDir,
        OttlaHttpListener,
    ];
}
