using static Ottla.Core.Configuration.KeyFactory;

namespace Ottla.Core.Configuration;

/// <summary>Topic keys that work here.</summary>
public static class TopicKeys
{
    /// <summary>What happens to old data: delete drops whole segments by retention, compact keeps the last record of each key, both do both, an empty list keeps everything.</summary>
    public static TypedKey<IReadOnlyList<string>> CleanupPolicy { get; } =
        List("cleanup.policy", "delete", "What happens to old data: delete drops whole segments by retention, compact keeps the last record of each key, both do both, an empty list keeps everything.", default, "delete", "compact")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogCleanupPolicy));

    /// <summary>The codec that batches are stored with; producer keeps them as they come.</summary>
    public static TypedKey<string> CompressionType { get; } =
        Text("compression.type", "producer", "The codec that batches are stored with; producer keeps them as they come.", default, "uncompressed", "zstd", "lz4", "snappy", "gzip", "producer")
            .WithSynonyms(new BrokerSynonym(LogKeys.CompressionType));

    /// <summary>The level of gzip when the broker compresses; -1 is the codec's own default.</summary>
    public static TypedKey<int> CompressionGzipLevel { get; } =
        Int("compression.gzip.level", -1, IntFrom(1, 9, -1), "The level of gzip when the broker compresses; -1 is the codec's own default.")
            .WithSynonyms(new BrokerSynonym(LogKeys.CompressionGzipLevel));

    /// <summary>The level of lz4 when the broker compresses.</summary>
    public static TypedKey<int> CompressionLz4Level { get; } =
        Int("compression.lz4.level", 9, IntFrom(1, 17), "The level of lz4 when the broker compresses.")
            .WithSynonyms(new BrokerSynonym(LogKeys.CompressionLz4Level));

    /// <summary>The level of zstd when the broker compresses.</summary>
    public static TypedKey<int> CompressionZstdLevel { get; } =
        Int("compression.zstd.level", 3, IntFrom(-131072, 22), "The level of zstd when the broker compresses.")
            .WithSynonyms(new BrokerSynonym(LogKeys.CompressionZstdLevel));

    /// <summary>How long a deleted segment file stays on the disk, in milliseconds.</summary>
    public static TypedKey<long> FileDeleteDelayMs { get; } =
        Long("file.delete.delay.ms", 60000, LongFrom(0), "How long a deleted segment file stays on the disk, in milliseconds.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogSegmentDeleteDelayMs));

    /// <summary>After how many records the log is forced to the disk.</summary>
    public static TypedKey<long> FlushMessages { get; } =
        Long("flush.messages", 9223372036854775807, LongFrom(1), "After how many records the log is forced to the disk.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogFlushIntervalMessages));

    /// <summary>After how many milliseconds appended records are forced to the disk.</summary>
    public static TypedKey<long> FlushMs { get; } =
        Long("flush.ms", 9223372036854775807, LongFrom(0), "After how many milliseconds appended records are forced to the disk.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogFlushIntervalMs), new BrokerSynonym(LogKeys.LogFlushSchedulerIntervalMs));

    /// <summary>How many bytes of records lie between two entries of the offset index.</summary>
    public static TypedKey<int> IndexIntervalBytes { get; } =
        Int("index.interval.bytes", 4096, IntFrom(0), "How many bytes of records lie between two entries of the offset index.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogIndexIntervalBytes));

    /// <summary>The largest record batch in bytes, after compression.</summary>
    public static TypedKey<int> MaxMessageBytes { get; } =
        Int("max.message.bytes", 1048588, IntFrom(0), "The largest record batch in bytes, after compression.")
            .WithSynonyms(new BrokerSynonym(LogKeys.MessageMaxBytes));

    /// <summary>Whether records keep the time that the producer gave them or get the time of their append.</summary>
    public static TypedKey<string> MessageTimestampType { get; } =
        Text("message.timestamp.type", "CreateTime", "Whether records keep the time that the producer gave them or get the time of their append.", default, "CreateTime", "LogAppendTime")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogMessageTimestampType));

    /// <summary>How many milliseconds a record may be older than the broker's clock.</summary>
    public static TypedKey<long> MessageTimestampBeforeMaxMs { get; } =
        Long("message.timestamp.before.max.ms", 9223372036854775807, LongFrom(0), "How many milliseconds a record may be older than the broker's clock.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogMessageTimestampBeforeMaxMs));

    /// <summary>How many milliseconds a record may be ahead of the broker's clock.</summary>
    public static TypedKey<long> MessageTimestampAfterMaxMs { get; } =
        Long("message.timestamp.after.max.ms", 3600000, LongFrom(0), "How many milliseconds a record may be ahead of the broker's clock.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogMessageTimestampAfterMaxMs));

    /// <summary>Whether old fetch versions are answered in message format v0 or v1; otherwise they get UNSUPPORTED_VERSION.</summary>
    public static TypedKey<bool> MessageDownconversionEnable { get; } =
        Boolean("message.downconversion.enable", true, "Whether old fetch versions are answered in message format v0 or v1; otherwise they get UNSUPPORTED_VERSION.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogMessageDownconversionEnable));

    /// <summary>With acks=all, a produce request is refused while fewer replicas than this are in sync.</summary>
    public static TypedKey<int> MinInsyncReplicas { get; } =
        Int("min.insync.replicas", 1, IntFrom(1), "With acks=all, a produce request is refused while fewer replicas than this are in sync.")
            .WithSynonyms(new BrokerSynonym(TopicDefaultKeys.MinInsyncReplicas));

    /// <summary>Whether a new segment file takes its full size on the disk at once.</summary>
    public static TypedKey<bool> Preallocate { get; } =
        Boolean("preallocate", false, "Whether a new segment file takes its full size on the disk at once.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogPreallocate));

    /// <summary>How many bytes of a partition are kept, -1 for no limit.</summary>
    public static TypedKey<long> RetentionBytes { get; } =
        Long("retention.bytes", -1, LongFrom(-1), "How many bytes of a partition are kept, -1 for no limit.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogRetentionBytes));

    /// <summary>How many milliseconds records are kept, -1 for ever.</summary>
    public static TypedKey<long> RetentionMs { get; } =
        Long("retention.ms", 604800000, LongFrom(-1), "How many milliseconds records are kept, -1 for ever.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogRetentionMs), new BrokerSynonym(LogKeys.LogRetentionMinutes, 60_000), new BrokerSynonym(LogKeys.LogRetentionHours, 3_600_000));

    /// <summary>The size in bytes at which a segment file is closed and a new one begun.</summary>
    public static TypedKey<int> SegmentBytes { get; } =
        Int("segment.bytes", 1073741824, IntFrom(1048576), "The size in bytes at which a segment file is closed and a new one begun.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogSegmentBytes));

    /// <summary>The largest offset index of a segment in bytes; a full one closes the segment.</summary>
    public static TypedKey<int> SegmentIndexBytes { get; } =
        Int("segment.index.bytes", 10485760, IntFrom(4), "The largest offset index of a segment in bytes; a full one closes the segment.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogIndexSizeMaxBytes));

    /// <summary>Up to this many milliseconds, chosen at random, are taken off the age at which a segment is closed.</summary>
    public static TypedKey<long> SegmentJitterMs { get; } =
        Long("segment.jitter.ms", 0, LongFrom(0), "Up to this many milliseconds, chosen at random, are taken off the age at which a segment is closed.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogRollJitterMs), new BrokerSynonym(LogKeys.LogRollJitterHours, 3_600_000));

    /// <summary>The age in milliseconds at which a segment is closed even when it is not full.</summary>
    public static TypedKey<long> SegmentMs { get; } =
        Long("segment.ms", 604800000, LongFrom(1), "The age in milliseconds at which a segment is closed even when it is not full.")
            .WithSynonyms(new BrokerSynonym(LogKeys.LogRollMs), new BrokerSynonym(LogKeys.LogRollHours, 3_600_000));

    /// <summary>Whether compressed batches are decompressed and checked record by record when they are produced, as Apache Kafka does.</summary>
    public static TypedKey<bool> OttlaValidateCompressedBatches { get; } =
        Boolean("ottla.validate.compressed.batches", false, "Whether compressed batches are decompressed and checked record by record when they are produced, as Apache Kafka does.")
            .WithSynonyms(new BrokerSynonym(LogKeys.OttlaValidateCompressedBatches));

    /// <summary>All topic keys that work here.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        CleanupPolicy,
        CompressionType,
        CompressionGzipLevel,
        CompressionLz4Level,
        CompressionZstdLevel,
        FileDeleteDelayMs,
        FlushMessages,
        FlushMs,
        IndexIntervalBytes,
        MaxMessageBytes,
        MessageTimestampType,
        MessageTimestampBeforeMaxMs,
        MessageTimestampAfterMaxMs,
        MessageDownconversionEnable,
        MinInsyncReplicas,
        Preallocate,
        RetentionBytes,
        RetentionMs,
        SegmentBytes,
        SegmentIndexBytes,
        SegmentJitterMs,
        SegmentMs,
        OttlaValidateCompressedBatches,
    ];

    private static Dictionary<string, ConfigurationKey> ByName { get; } = All.ToDictionary(key => key.Name, StringComparer.Ordinal);

    /// <summary>The key of this name, or null.</summary>
    public static ConfigurationKey? Find(string name) => ByName.GetValueOrDefault(name);
}
