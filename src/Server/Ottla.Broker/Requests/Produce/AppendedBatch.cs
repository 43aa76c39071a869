using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Produce;

/// <summary>A batch that is in the log, but may not be acknowledged yet.</summary>
/// <param name="Partition">Where it is.</param>
/// <param name="LastOffset">The offset of its last record.</param>
/// <param name="LeaderEpoch">The epoch in which it was appended.</param>
/// <param name="IsFlushDue">Whether the log has to be synced first.</param>
/// <param name="Answer">The part of the response that is about it.</param>
internal readonly record struct AppendedBatch(
    Partition Partition, long LastOffset, LeaderEpoch LeaderEpoch, bool IsFlushDue, ProduceResponse.PartitionProduceResponse Answer);
