using Ottla.Protocol;

namespace Ottla.Client.Offsets;

/// <summary>How far a group has come in a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset of the next record to read.</param>
/// <param name="Metadata">A note that was committed with it; empty for none.</param>
public readonly record struct CommittedOffset(TopicPartition Partition, long Offset, string Metadata = "");
