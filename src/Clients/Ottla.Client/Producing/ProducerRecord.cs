using System.Text;
using Ottla.Records;

namespace Ottla.Client.Producing;

/// <summary>A record to send. Its bytes are copied while it is being sent, before the call returns or its task completes.</summary>
public readonly record struct ProducerRecord
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The key, which decides the partition where <see cref="Partition"/> does not; null for none.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>The value; null is a tombstone in a compacted topic.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The headers, in order; null for none.</summary>
    public RecordHeader[]? Headers { get; init; }

    /// <summary>The partition, or null to have it chosen.</summary>
    public int? Partition { get; init; }

    /// <summary>Milliseconds since 1970, or null for now.</summary>
    public long? TimestampMilliseconds { get; init; }

    /// <summary>A record of UTF-8 texts.</summary>
    public static ProducerRecord OfText(string topic, string? key, string? value) => new()
    {
        Topic = topic,
        Key = ToBytes(key),
        Value = ToBytes(value),
    };

    // Not one expression: a null array would become empty memory, which is not null.
    private static ReadOnlyMemory<byte>? ToBytes(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return Encoding.UTF8.GetBytes(text);
    }
}
