using Ottla.Records;

namespace Ottla.Client.Consuming;

/// <summary>A record inside a <see cref="ConsumedBatch"/>, without a copy; lives as long as the batch may be used.</summary>
public readonly ref struct ConsumedRecordView
{
    private readonly RecordView _record;

    internal ConsumedRecordView(RecordView record, long offset, long timestampMilliseconds)
    {
        _record = record;
        Offset = offset;
        TimestampMilliseconds = timestampMilliseconds;
    }

    /// <summary>The record's offset.</summary>
    public long Offset { get; }

    /// <summary>Its timestamp in milliseconds since 1970; -1 for none.</summary>
    public long TimestampMilliseconds { get; }

    /// <summary>Whether there is a key.</summary>
    public bool HasKey => _record.HasKey;

    /// <summary>The key; empty when there is none.</summary>
    public ReadOnlySpan<byte> Key => _record.Key;

    /// <summary>Whether there is a value.</summary>
    public bool HasValue => _record.HasValue;

    /// <summary>The value; empty when there is none.</summary>
    public ReadOnlySpan<byte> Value => _record.Value;

    /// <summary>How many headers there are.</summary>
    public int HeaderCount => _record.HeaderCount;

    /// <summary>The headers, in order.</summary>
    public RecordHeaderEnumerator Headers => _record.Headers;
}
