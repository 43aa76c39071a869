using static Ottla.Core.Configuration.KeyFactory;

namespace Ottla.Core.Configuration;

/// <summary>Broker keys. Defaults of the logs of topics, which a topic may override.</summary>
public static class LogKeys
{
    /// <summary>The size in bytes at which a segment file is closed and a new one begun.</summary>
    public static TypedKey<int> LogSegmentBytes { get; } =
        Int("log.segment.bytes", 1073741824, IntFrom(1048576), "The size in bytes at which a segment file is closed and a new one begun.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>The age in milliseconds at which a segment is closed even when it is not full; without it log.roll.hours.</summary>
    public static TypedKey<long> LogRollMs { get; } =
        Long("log.roll.ms", null, LongFrom(1), "The age in milliseconds at which a segment is closed even when it is not full; without it log.roll.hours.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>The age in hours at which a segment is closed even when it is not full.</summary>
    public static TypedKey<int> LogRollHours { get; } =
        Int("log.roll.hours", 168, IntFrom(1), "The age in hours at which a segment is closed even when it is not full.");

    /// <summary>Up to this many milliseconds, chosen at random, are taken off the age at which a segment is closed; without it log.roll.jitter.hours.</summary>
    public static TypedKey<long> LogRollJitterMs { get; } =
        Long("log.roll.jitter.ms", null, LongFrom(0), "Up to this many milliseconds, chosen at random, are taken off the age at which a segment is closed; without it log.roll.jitter.hours.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>Up to this many hours, chosen at random, are taken off the age at which a segment is closed.</summary>
    public static TypedKey<int> LogRollJitterHours { get; } =
        Int("log.roll.jitter.hours", 0, IntFrom(0), "Up to this many hours, chosen at random, are taken off the age at which a segment is closed.");

    /// <summary>How many milliseconds records are kept, -1 for ever; without it log.retention.minutes.</summary>
    public static TypedKey<long> LogRetentionMs { get; } =
        Long("log.retention.ms", null, LongFrom(-1), "How many milliseconds records are kept, -1 for ever; without it log.retention.minutes.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>How many minutes records are kept, -1 for ever; without it log.retention.hours.</summary>
    public static TypedKey<int> LogRetentionMinutes { get; } =
        Int("log.retention.minutes", null, IntFrom(-1), "How many minutes records are kept, -1 for ever; without it log.retention.hours.");

    /// <summary>How many hours records are kept, -1 for ever.</summary>
    public static TypedKey<int> LogRetentionHours { get; } =
        Int("log.retention.hours", 168, IntFrom(-1), "How many hours records are kept, -1 for ever.");

    /// <summary>How many bytes of a partition are kept, -1 for no limit.</summary>
    public static TypedKey<long> LogRetentionBytes { get; } =
        Long("log.retention.bytes", -1, LongFrom(-1), "How many bytes of a partition are kept, -1 for no limit.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>How often retention looks for segments to delete, in milliseconds.</summary>
    public static TypedKey<long> LogRetentionCheckIntervalMs { get; } =
        Long("log.retention.check.interval.ms", 300000, LongFrom(1), "How often retention looks for segments to delete, in milliseconds.");

    /// <summary>What happens to old data: delete drops whole segments by retention, compact keeps the last record of each key, both do both, an empty list keeps everything.</summary>
    public static TypedKey<IReadOnlyList<string>> LogCleanupPolicy { get; } =
        List("log.cleanup.policy", "delete", "What happens to old data: delete drops whole segments by retention, compact keeps the last record of each key, both do both, an empty list keeps everything.", ConfigurationUpdateMode.ClusterWide, "delete", "compact");

    /// <summary>After how many records of a partition its log is forced to the disk.</summary>
    public static TypedKey<long> LogFlushIntervalMessages { get; } =
        Long("log.flush.interval.messages", 9223372036854775807, LongFrom(1), "After how many records of a partition its log is forced to the disk.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>After how many milliseconds appended records are forced to the disk; without it log.flush.scheduler.interval.ms.</summary>
    public static TypedKey<long> LogFlushIntervalMs { get; } =
        Long("log.flush.interval.ms", null, LongFrom(0), "After how many milliseconds appended records are forced to the disk; without it log.flush.scheduler.interval.ms.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>How often logs are looked at that must be forced to the disk, in milliseconds.</summary>
    public static TypedKey<long> LogFlushSchedulerIntervalMs { get; } =
        Long("log.flush.scheduler.interval.ms", 9223372036854775807, LongFrom(0), "How often logs are looked at that must be forced to the disk, in milliseconds.");

    /// <summary>How often the recovery points are written, in milliseconds.</summary>
    public static TypedKey<int> LogFlushOffsetCheckpointIntervalMs { get; } =
        Int("log.flush.offset.checkpoint.interval.ms", 60000, IntFrom(0), "How often the recovery points are written, in milliseconds.");

    /// <summary>How often the log start offsets are written, in milliseconds.</summary>
    public static TypedKey<int> LogFlushStartOffsetCheckpointIntervalMs { get; } =
        Int("log.flush.start.offset.checkpoint.interval.ms", 60000, IntFrom(0), "How often the log start offsets are written, in milliseconds.");

    /// <summary>How often the high watermarks are written, in milliseconds.</summary>
    public static TypedKey<long> ReplicaHighWatermarkCheckpointIntervalMs { get; } =
        Long("replica.high.watermark.checkpoint.interval.ms", 5000, LongFrom(1), "How often the high watermarks are written, in milliseconds.");

    /// <summary>How many bytes of records lie between two entries of the offset index.</summary>
    public static TypedKey<int> LogIndexIntervalBytes { get; } =
        Int("log.index.interval.bytes", 4096, IntFrom(0), "How many bytes of records lie between two entries of the offset index.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>The largest offset index of a segment in bytes; a full one closes the segment.</summary>
    public static TypedKey<int> LogIndexSizeMaxBytes { get; } =
        Int("log.index.size.max.bytes", 10485760, IntFrom(4), "The largest offset index of a segment in bytes; a full one closes the segment.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>Whether a new segment file takes its full size on the disk at once.</summary>
    public static TypedKey<bool> LogPreallocate { get; } =
        Boolean("log.preallocate", false, "Whether a new segment file takes its full size on the disk at once.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>How long a deleted segment file stays on the disk, in milliseconds.</summary>
    public static TypedKey<long> LogSegmentDeleteDelayMs { get; } =
        Long("log.segment.delete.delay.ms", 60000, LongFrom(0), "How long a deleted segment file stays on the disk, in milliseconds.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>Whether records keep the time that the producer gave them or get the time of their append.</summary>
    public static TypedKey<string> LogMessageTimestampType { get; } =
        Text("log.message.timestamp.type", "CreateTime", "Whether records keep the time that the producer gave them or get the time of their append.", ConfigurationUpdateMode.ClusterWide, "CreateTime", "LogAppendTime");

    /// <summary>How many milliseconds a record may be older than the broker's clock.</summary>
    public static TypedKey<long> LogMessageTimestampBeforeMaxMs { get; } =
        Long("log.message.timestamp.before.max.ms", 9223372036854775807, LongFrom(0), "How many milliseconds a record may be older than the broker's clock.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>How many milliseconds a record may be ahead of the broker's clock.</summary>
    public static TypedKey<long> LogMessageTimestampAfterMaxMs { get; } =
        Long("log.message.timestamp.after.max.ms", 3600000, LongFrom(0), "How many milliseconds a record may be ahead of the broker's clock.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>Whether old fetch versions are answered in message format v0 or v1; otherwise they get UNSUPPORTED_VERSION.</summary>
    public static TypedKey<bool> LogMessageDownconversionEnable { get; } =
        Boolean("log.message.downconversion.enable", true, "Whether old fetch versions are answered in message format v0 or v1; otherwise they get UNSUPPORTED_VERSION.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>The largest record batch in bytes, after compression.</summary>
    public static TypedKey<int> MessageMaxBytes { get; } =
        Int("message.max.bytes", 1048588, IntFrom(0), "The largest record batch in bytes, after compression.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>The codec that batches are stored with; producer keeps them as they come.</summary>
    public static TypedKey<string> CompressionType { get; } =
        Text("compression.type", "producer", "The codec that batches are stored with; producer keeps them as they come.", ConfigurationUpdateMode.ClusterWide, "uncompressed", "zstd", "lz4", "snappy", "gzip", "producer");

    /// <summary>The level of gzip when the broker compresses; -1 is the codec's own default.</summary>
    public static TypedKey<int> CompressionGzipLevel { get; } =
        Int("compression.gzip.level", -1, IntFrom(1, 9, -1), "The level of gzip when the broker compresses; -1 is the codec's own default.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>The level of lz4 when the broker compresses.</summary>
    public static TypedKey<int> CompressionLz4Level { get; } =
        Int("compression.lz4.level", 9, IntFrom(1, 17), "The level of lz4 when the broker compresses.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>The level of zstd when the broker compresses.</summary>
    public static TypedKey<int> CompressionZstdLevel { get; } =
        Int("compression.zstd.level", 3, IntFrom(-131072, 22), "The level of zstd when the broker compresses.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>Whether compressed batches are decompressed and checked record by record when they are produced, as Apache Kafka does.</summary>
    public static TypedKey<bool> OttlaValidateCompressedBatches { get; } =
        Boolean("ottla.validate.compressed.batches", false, "Whether compressed batches are decompressed and checked record by record when they are produced, as Apache Kafka does.", ConfigurationUpdateMode.ClusterWide);

    /// <summary>How many logs of one data directory are recovered at the same time at start.</summary>
    public static TypedKey<int> NumRecoveryThreadsPerDataDir { get; } =
        Int("num.recovery.threads.per.data.dir", 2, IntFrom(1), "How many logs of one data directory are recovered at the same time at start.");

    /// <summary>After how many milliseconds without a batch an idempotent producer is forgotten.</summary>
    public static TypedKey<int> ProducerIdExpirationMs { get; } =
        Int("producer.id.expiration.ms", 86400000, IntFrom(1), "After how many milliseconds without a batch an idempotent producer is forgotten.");

    /// <summary>All keys of this group.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        LogSegmentBytes,
        LogRollMs,
        LogRollHours,
        LogRollJitterMs,
        LogRollJitterHours,
        LogRetentionMs,
        LogRetentionMinutes,
        LogRetentionHours,
        LogRetentionBytes,
        LogRetentionCheckIntervalMs,
        LogCleanupPolicy,
        LogFlushIntervalMessages,
        LogFlushIntervalMs,
        LogFlushSchedulerIntervalMs,
        LogFlushOffsetCheckpointIntervalMs,
        LogFlushStartOffsetCheckpointIntervalMs,
        ReplicaHighWatermarkCheckpointIntervalMs,
        LogIndexIntervalBytes,
        LogIndexSizeMaxBytes,
        LogPreallocate,
        LogSegmentDeleteDelayMs,
        LogMessageTimestampType,
        LogMessageTimestampBeforeMaxMs,
        LogMessageTimestampAfterMaxMs,
        LogMessageDownconversionEnable,
        MessageMaxBytes,
        CompressionType,
        CompressionGzipLevel,
        CompressionLz4Level,
        CompressionZstdLevel,
        OttlaValidateCompressedBatches,
        NumRecoveryThreadsPerDataDir,
        ProducerIdExpirationMs,
    ];
}
