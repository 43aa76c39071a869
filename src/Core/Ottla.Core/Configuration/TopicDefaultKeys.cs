using static Ottla.Core.Configuration.KeyFactory;

namespace Ottla.Core.Configuration;

/// <summary>Broker keys. How topics are created.</summary>
public static class TopicDefaultKeys
{
    /// <summary>Whether a client that asks for a topic that does not exist has it created.</summary>
    public static TypedKey<bool> AutoCreateTopicsEnable { get; } =
        Boolean("auto.create.topics.enable", true, "Whether a client that asks for a topic that does not exist has it created.");

    /// <summary>Whether topics can be deleted.</summary>
    public static TypedKey<bool> DeleteTopicEnable { get; } =
        Boolean("delete.topic.enable", true, "Whether topics can be deleted.");

    /// <summary>The partitions of a topic that is created without a number.</summary>
    public static TypedKey<int> NumPartitions { get; } =
        Int("num.partitions", 1, IntFrom(1), "The partitions of a topic that is created without a number.");

    /// <summary>The replicas of a topic that is created without a number.</summary>
    public static TypedKey<int> DefaultReplicationFactor { get; } =
        Int("default.replication.factor", 1, IntFrom(1), "The replicas of a topic that is created without a number.");

    /// <summary>With acks=all, a produce request is refused while fewer replicas than this are in sync.</summary>
    public static TypedKey<int> MinInsyncReplicas { get; } =
        Int("min.insync.replicas", 1, IntFrom(1), "With acks=all, a produce request is refused while fewer replicas than this are in sync.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>All keys of this group.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        AutoCreateTopicsEnable,
        DeleteTopicEnable,
        NumPartitions,
        DefaultReplicationFactor,
        MinInsyncReplicas,
    ];
}
