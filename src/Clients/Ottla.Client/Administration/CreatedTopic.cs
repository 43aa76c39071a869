using Ottla.Protocol;

namespace Ottla.Client.Administration;

/// <summary>What was created.</summary>
/// <param name="Name">The topic's name.</param>
/// <param name="Id">Its id; none from brokers older than Kafka 2.8.</param>
/// <param name="PartitionCount">How many partitions it has; -1 if the broker does not say.</param>
/// <param name="ReplicationFactor">How many replicas each has; -1 if the broker does not say.</param>
public sealed record CreatedTopic(string Name, TopicId Id, int PartitionCount, int ReplicationFactor);
