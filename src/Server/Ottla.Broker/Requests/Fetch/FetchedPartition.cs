using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>What one reading of one target gave.</summary>
/// <param name="Target">What was asked for.</param>
/// <param name="Partition">Where it was read, or null when there is no such partition.</param>
/// <param name="Data">The part of the response that is about it.</param>
/// <param name="Buffer">Where its records lie, or null.</param>
internal readonly record struct FetchedPartition(
    FetchTarget Target, Partition? Partition, FetchResponse.PartitionData Data, PooledBuffer? Buffer);
