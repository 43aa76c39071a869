using Ottla.Protocol;

namespace Ottla.Records;

/// <summary>What <see cref="RecordBatchValidator"/> asks of a batch: the topic's configuration and the request's circumstances.</summary>
public readonly record struct BatchValidationRules
{
    /// <summary>The most bytes that a batch may take by default, header included.</summary>
    public const int DefaultMaxMessageBytes = 1_048_588;

    /// <summary>One hour, the default of <see cref="TimestampAfterMaxMilliseconds"/>.</summary>
    public const long DefaultTimestampAfterMaxMilliseconds = 3_600_000;

    /// <summary>Kafka's defaults for a batch from a client.</summary>
    public BatchValidationRules()
    {
    }

    /// <summary>Where the batch is to be appended; for messages only.</summary>
    public TopicPartition Partition { get; init; }

    /// <summary>Whether a client sent the batch: it may not write control batches or claim an offset.</summary>
    public bool IsFromClient { get; init; } = true;

    /// <summary>Whether the topic's <c>message.timestamp.type</c> is LogAppendTime; the record timestamps are then not bounded.</summary>
    public bool IsLogAppendTime { get; init; }

    /// <summary><c>message.timestamp.before.max.ms</c>: how far a timestamp may lie in the past, from 0.</summary>
    public long TimestampBeforeMaxMilliseconds { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c>: how far a timestamp may lie in the future, from 0.</summary>
    public long TimestampAfterMaxMilliseconds { get; init; } = DefaultTimestampAfterMaxMilliseconds;

    /// <summary><c>max.message.bytes</c>: the most bytes that the batch may take, header included and as compressed as it came.</summary>
    public int MaxMessageBytes { get; init; } = DefaultMaxMessageBytes;

    /// <summary>Whether the topic's <c>cleanup.policy</c> includes compact: every record then needs a key.</summary>
    public bool IsCompacted { get; init; }

    /// <summary>Whether compressed records are decompressed and walked even if nothing else asks for it.</summary>
    public bool ValidateCompressed { get; init; }

    /// <summary>Whether the request's version knows Zstandard: Produce from version 7 (KIP-110).</summary>
    public bool AllowZstd { get; init; } = true;

    /// <summary>What the decompressed records may take in memory.</summary>
    public DecompressionLimits DecompressionLimits { get; init; } = DecompressionLimits.Default;

    /// <summary>The broker's time in milliseconds since 1970.</summary>
    public long Now { get; init; }

    internal bool NeedsRecords => IsCompacted || ValidateCompressed;

    internal long EarliestTimestamp => Now - TimestampBeforeMaxMilliseconds;

    internal long LatestTimestamp =>
        TimestampAfterMaxMilliseconds > long.MaxValue - Now ? long.MaxValue : Now + TimestampAfterMaxMilliseconds;
}
