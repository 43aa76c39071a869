using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Client.Consuming;

/// <summary>A record that was read. Its bytes stay valid for as long as it is kept.</summary>
public readonly record struct ConsumedRecord
{
    /// <summary>Where it was read.</summary>
    public required TopicPartition Partition { get; init; }

    /// <summary>Its offset there.</summary>
    public required long Offset { get; init; }

    /// <summary>Its timestamp in milliseconds since 1970; -1 for none.</summary>
    public required long TimestampMilliseconds { get; init; }

    /// <summary>Whether the broker set the timestamp on appending, rather than the producer.</summary>
    public bool IsLogAppendTime { get; init; }

    /// <summary>The key, or null.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>The value, or null for a tombstone.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The headers, in order.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; init; }
}
