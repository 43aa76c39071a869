using Ottla.Protocol;

namespace Ottla.Client.Producing;

/// <summary>Where a record went.</summary>
/// <param name="Partition">The partition that took it.</param>
/// <param name="Offset">Its offset; -1 where the broker does not tell, as with <see cref="Acks.None"/>.</param>
public readonly record struct Delivery(TopicPartition Partition, long Offset);
