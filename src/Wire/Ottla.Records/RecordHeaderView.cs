using System.Text;

namespace Ottla.Records;

/// <summary>A header of a record as it lies in the batch; lives as long as the bytes do.</summary>
public readonly ref struct RecordHeaderView
{
    internal RecordHeaderView(ReadOnlySpan<byte> key, NullableBytes value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>The name, in UTF-8 as sent.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value.</summary>
    public NullableBytes Value { get; }

    /// <summary>The name as text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string KeyText => Encoding.UTF8.GetString(Key);
}
