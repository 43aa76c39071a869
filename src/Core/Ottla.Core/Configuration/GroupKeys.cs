using static Ottla.Core.Configuration.KeyFactory;

namespace Ottla.Core.Configuration;

/// <summary>Broker keys. Consumer groups and their offsets.</summary>
public static class GroupKeys
{
    /// <summary>The shortest session timeout that a member of a classic group may ask for, in milliseconds.</summary>
    public static TypedKey<int> GroupMinSessionTimeoutMs { get; } =
        Int("group.min.session.timeout.ms", 6000, IntFrom(0), "The shortest session timeout that a member of a classic group may ask for, in milliseconds.");

    /// <summary>The longest session timeout that a member of a classic group may ask for, in milliseconds.</summary>
    public static TypedKey<int> GroupMaxSessionTimeoutMs { get; } =
        Int("group.max.session.timeout.ms", 1800000, IntFrom(0), "The longest session timeout that a member of a classic group may ask for, in milliseconds.");

    /// <summary>How long an empty group waits for more members before its first rebalance, in milliseconds.</summary>
    public static TypedKey<int> GroupInitialRebalanceDelayMs { get; } =
        Int("group.initial.rebalance.delay.ms", 3000, IntFrom(0), "How long an empty group waits for more members before its first rebalance, in milliseconds.");

    /// <summary>The most members of a classic group.</summary>
    public static TypedKey<int> GroupMaxSize { get; } =
        Int("group.max.size", 2147483647, IntFrom(1), "The most members of a classic group.");

    /// <summary>The longest metadata text of a committed offset, in bytes.</summary>
    public static TypedKey<int> OffsetMetadataMaxBytes { get; } =
        Int("offset.metadata.max.bytes", 4096, IntFrom(0), "The longest metadata text of a committed offset, in bytes.");

    /// <summary>How many minutes committed offsets are kept after their group became empty.</summary>
    public static TypedKey<int> OffsetsRetentionMinutes { get; } =
        Int("offsets.retention.minutes", 10080, IntFrom(1), "How many minutes committed offsets are kept after their group became empty.");

    /// <summary>How often expired offsets are looked for, in milliseconds.</summary>
    public static TypedKey<long> OffsetsRetentionCheckIntervalMs { get; } =
        Long("offsets.retention.check.interval.ms", 600000, LongFrom(1), "How often expired offsets are looked for, in milliseconds.");

    /// <summary>The partitions of the offsets topic, used when it is created.</summary>
    public static TypedKey<int> OffsetsTopicNumPartitions { get; } =
        Int("offsets.topic.num.partitions", 50, IntFrom(1), "The partitions of the offsets topic, used when it is created.");

    /// <summary>The replicas of the offsets topic, used when it is created; no more than there are live brokers.</summary>
    public static TypedKey<short> OffsetsTopicReplicationFactor { get; } =
        Short("offsets.topic.replication.factor", 3, ShortFrom(1), "The replicas of the offsets topic, used when it is created; no more than there are live brokers.");

    /// <summary>The segment size of the offsets topic in bytes, used when it is created.</summary>
    public static TypedKey<int> OffsetsTopicSegmentBytes { get; } =
        Int("offsets.topic.segment.bytes", 104857600, IntFrom(1), "The segment size of the offsets topic in bytes, used when it is created.");

    /// <summary>The codec of batches in the offsets topic: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.</summary>
    public static TypedKey<int> OffsetsTopicCompressionCodec { get; } =
        Int("offsets.topic.compression.codec", 0, IntFrom(0, 4), "The codec of batches in the offsets topic: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.");

    /// <summary>All keys of this group.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        GroupMinSessionTimeoutMs,
        GroupMaxSessionTimeoutMs,
        GroupInitialRebalanceDelayMs,
        GroupMaxSize,
        OffsetMetadataMaxBytes,
        OffsetsRetentionMinutes,
        OffsetsRetentionCheckIntervalMs,
        OffsetsTopicNumPartitions,
        OffsetsTopicReplicationFactor,
        OffsetsTopicSegmentBytes,
        OffsetsTopicCompressionCodec,
    ];
}
