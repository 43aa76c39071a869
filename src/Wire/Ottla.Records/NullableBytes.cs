namespace Ottla.Records;

/// <summary>A key or a value of a record: bytes, maybe none, or null. A null value is a tombstone in a compacted topic.</summary>
public readonly ref struct NullableBytes
{
    private readonly bool _isThere;

    /// <summary>Wraps bytes, which may be empty but are not null.</summary>
    public NullableBytes(ReadOnlySpan<byte> bytes)
    {
        Span = bytes;
        _isThere = true;
    }

    /// <summary>Null, which is also the default value.</summary>
    public static NullableBytes Null => default;

    /// <summary>Whether this is null rather than empty.</summary>
    public bool IsNull => !_isThere;

    /// <summary>The bytes; empty for null.</summary>
    public ReadOnlySpan<byte> Span { get; }

    /// <summary>The length as a record states it: -1 for null.</summary>
    internal int EncodedLength => _isThere ? Span.Length : -1;

    /// <summary>Wraps a span.</summary>
    public static implicit operator NullableBytes(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Wraps a span.</summary>
    public static implicit operator NullableBytes(Span<byte> bytes) => new(bytes);

    /// <summary>Wraps an array or null.</summary>
    public static implicit operator NullableBytes(byte[]? bytes) => bytes is null ? default : new(bytes);

    /// <summary>Wraps a block of memory.</summary>
    public static implicit operator NullableBytes(ReadOnlyMemory<byte> bytes) => new(bytes.Span);

    /// <summary>Wraps a block of memory or null.</summary>
    public static implicit operator NullableBytes(ReadOnlyMemory<byte>? bytes) => bytes is { } memory ? new(memory.Span) : default;
}
