using Ottla.Core.Configuration;
using Ottla.Records;
using Ottla.Storage.Logs;

namespace Ottla.Replication.Partitions;

/// <summary>A topic's configuration as the data path needs it: parsed once when it changes, not at each request. Immutable.</summary>
public sealed record TopicSettings
{
    /// <summary>The defaults of Kafka.</summary>
    public static TopicSettings Default { get; } = From(new TopicConfiguration(BrokerConfiguration.Default, new Dictionary<string, string>()));

    /// <summary><c>max.message.bytes</c>.</summary>
    public required int MaxMessageBytes { get; init; }

    /// <summary>Whether <c>message.timestamp.type</c> is LogAppendTime.</summary>
    public required bool IsLogAppendTime { get; init; }

    /// <summary><c>message.timestamp.before.max.ms</c>.</summary>
    public required long TimestampBeforeMaxMilliseconds { get; init; }

    /// <summary><c>message.timestamp.after.max.ms</c>.</summary>
    public required long TimestampAfterMaxMilliseconds { get; init; }

    /// <summary>Whether <c>cleanup.policy</c> includes compact.</summary>
    public required bool IsCompacted { get; init; }

    /// <summary>The codec of <c>compression.type</c>; null for <c>producer</c>, which keeps batches as they come.</summary>
    public required CompressionCodec? Codec { get; init; }

    /// <summary>The level of <see cref="Codec"/>; null for the codec's own default.</summary>
    public required int? CodecLevel { get; init; }

    /// <summary><c>message.downconversion.enable</c>.</summary>
    public required bool AllowsDownConversion { get; init; }

    /// <summary><c>min.insync.replicas</c>.</summary>
    public required int MinInSyncReplicas { get; init; }

    /// <summary><c>ottla.validate.compressed.batches</c>.</summary>
    public required bool ValidatesCompressed { get; init; }

    /// <summary>What the log itself is told.</summary>
    public required LogOptions Log { get; init; }

    /// <summary>Reads what is set on a topic over the broker's defaults.</summary>
    public static TopicSettings From(TopicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        CompressionCodec? codec = ToCodec(configuration.Get(TopicKeys.CompressionType));
        return new TopicSettings
        {
            MaxMessageBytes = configuration.Get(TopicKeys.MaxMessageBytes),
            IsLogAppendTime = configuration.Get(TopicKeys.MessageTimestampType) == "LogAppendTime",
            TimestampBeforeMaxMilliseconds = configuration.Get(TopicKeys.MessageTimestampBeforeMaxMs),
            TimestampAfterMaxMilliseconds = configuration.Get(TopicKeys.MessageTimestampAfterMaxMs),
            IsCompacted = configuration.IsCompacted,
            Codec = codec,
            CodecLevel = LevelOf(codec, configuration),
            AllowsDownConversion = configuration.Get(TopicKeys.MessageDownconversionEnable),
            MinInSyncReplicas = configuration.Get(TopicKeys.MinInsyncReplicas),
            ValidatesCompressed = configuration.Get(TopicKeys.OttlaValidateCompressedBatches),
            Log = ToLogOptions(configuration),
        };
    }

    private static LogOptions ToLogOptions(TopicConfiguration configuration) => new()
    {
        SegmentBytes = configuration.Get(TopicKeys.SegmentBytes),
        SegmentMilliseconds = configuration.Get(TopicKeys.SegmentMs),
        SegmentJitterMilliseconds = configuration.Get(TopicKeys.SegmentJitterMs),
        SegmentIndexBytes = configuration.Get(TopicKeys.SegmentIndexBytes),
        IndexIntervalBytes = configuration.Get(TopicKeys.IndexIntervalBytes),
        RetentionMilliseconds = configuration.Get(TopicKeys.RetentionMs),
        RetentionBytes = configuration.Get(TopicKeys.RetentionBytes),
        DeleteOldSegments = configuration.Get(TopicKeys.CleanupPolicy).Contains("delete", StringComparer.Ordinal),
        Compacted = configuration.IsCompacted,
        FileDeleteDelayMilliseconds = configuration.Get(TopicKeys.FileDeleteDelayMs),
        FlushMessages = configuration.Get(TopicKeys.FlushMessages),
        FlushMilliseconds = configuration.Get(TopicKeys.FlushMs),
        Preallocate = configuration.Get(TopicKeys.Preallocate),
    };

    private static CompressionCodec? ToCodec(string name) => name switch
    {
        "uncompressed" => CompressionCodec.None,
        "gzip" => CompressionCodec.Gzip,
        "snappy" => CompressionCodec.Snappy,
        "lz4" => CompressionCodec.Lz4,
        "zstd" => CompressionCodec.Zstd,
        _ => null,
    };

    private static int? LevelOf(CompressionCodec? codec, TopicConfiguration configuration) => codec switch
    {
        CompressionCodec.Gzip => configuration.Get(TopicKeys.CompressionGzipLevel) is var level and >= 0 ? level : null,
        CompressionCodec.Lz4 => configuration.Get(TopicKeys.CompressionLz4Level),
        CompressionCodec.Zstd => configuration.Get(TopicKeys.CompressionZstdLevel),
        _ => null,
    };
}
