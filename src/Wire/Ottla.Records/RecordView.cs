namespace Ottla.Records;

/// <summary>A record as it lies in the uncompressed bytes of its batch; lives as long as those do. Nothing is copied.</summary>
public readonly ref struct RecordView
{
    private readonly NullableBytes _key;
    private readonly NullableBytes _value;

    internal RecordView(int offsetDelta, long timestampDelta, NullableBytes key, NullableBytes value, int headerCount, ReadOnlySpan<byte> headerBytes)
    {
        OffsetDelta = offsetDelta;
        TimestampDelta = timestampDelta;
        _key = key;
        _value = value;
        HeaderCount = headerCount;
        HeaderBytes = headerBytes;
    }

    /// <summary>The record's offset less the batch's base offset.</summary>
    public int OffsetDelta { get; }

    /// <summary>The record's timestamp less the batch's base timestamp, in milliseconds; may be negative.</summary>
    public long TimestampDelta { get; }

    /// <summary>Whether there is a key; an empty one counts.</summary>
    public bool HasKey => !_key.IsNull;

    /// <summary>The key; empty when there is none.</summary>
    public ReadOnlySpan<byte> Key => _key.Span;

    /// <summary>The key or null, as <see cref="RecordBatchBuilder"/> takes it.</summary>
    public NullableBytes NullableKey => _key;

    /// <summary>Whether there is a value; without one the record is a tombstone in a compacted topic.</summary>
    public bool HasValue => !_value.IsNull;

    /// <summary>The value; empty when there is none.</summary>
    public ReadOnlySpan<byte> Value => _value.Span;

    /// <summary>The value or null, as <see cref="RecordBatchBuilder"/> takes it.</summary>
    public NullableBytes NullableValue => _value;

    /// <summary>How many headers there are.</summary>
    public int HeaderCount { get; }

    /// <summary>The headers, in the order in which they were added.</summary>
    public RecordHeaderEnumerator Headers => new(HeaderBytes, HeaderCount);

    /// <summary>The headers as they are encoded, without their count.</summary>
    internal ReadOnlySpan<byte> HeaderBytes { get; }
}
