using Ottla.Protocol;

namespace Ottla.Client.Offsets;

/// <summary>What a partition's leader answers when it is asked for an offset.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset; -1 when no record is that young.</param>
/// <param name="Timestamp">The record's timestamp, milliseconds since 1970; -1 where the question was not about time.</param>
public readonly record struct FoundOffset(TopicPartition Partition, long Offset, long Timestamp);
