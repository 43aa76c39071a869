using Ottla.Protocol;

namespace Ottla.Records;

/// <summary>What <see cref="RecordBatchValidator"/> found. Without an error the batch can be appended as it is.</summary>
public readonly record struct BatchValidation
{
    /// <summary>None, or why the batch is refused.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The refusal's reason, for people; null without an error.</summary>
    public string? Message { get; init; }

    /// <summary>The records that made the batch unacceptable, where single ones did; the first 1,000 of them.</summary>
    public IReadOnlyList<RecordError> RecordErrors => RecordErrorsOrNull ?? [];

    /// <summary>The batch's header as it was sent; undefined with an error.</summary>
    public RecordBatchHeader Header { get; init; }

    /// <summary>
    /// The largest record timestamp, in milliseconds since 1970, -1 for none; the broker's time when the topic has LogAppendTime.
    /// </summary>
    public long MaxTimestamp { get; init; }

    /// <summary>
    /// The offset, less the batch's base offset, of the first record with <see cref="MaxTimestamp"/>. Where the records were not
    /// decompressed it is the last record's, as in Kafka's own time index.
    /// </summary>
    public int OffsetDeltaOfMaxTimestamp { get; init; }

    /// <summary>Whether the batch is acceptable.</summary>
    public bool IsValid => Error == ErrorCode.None;

    /// <summary>
    /// Whether the header's maximum is not that of the records, as some producers send it; Kafka corrects it, and so should the caller by
    /// <see cref="RecordBatchPatch.SetMaxTimestamp"/>.
    /// </summary>
    public bool NeedsMaxTimestamp => IsValid && !IsLogAppendTime && Header.MaxTimestamp != MaxTimestamp;

    internal bool IsLogAppendTime { get; init; }

    internal IReadOnlyList<RecordError>? RecordErrorsOrNull { get; init; }
}
