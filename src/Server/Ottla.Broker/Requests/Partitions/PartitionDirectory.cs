using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Partitions;

/// <summary>Finds the partition that a request names, and says why when there is none. Thread-safe.</summary>
internal sealed class PartitionDirectory
{
    private readonly PartitionSet _partitions;
    private readonly Func<MetadataImage> _metadata;

    /// <param name="partitions">The partitions of this broker.</param>
    /// <param name="metadata">The metadata of the moment.</param>
    public PartitionDirectory(PartitionSet partitions, Func<MetadataImage> metadata)
    {
        _partitions = partitions;
        _metadata = metadata;
    }

    /// <summary>The metadata of the moment.</summary>
    public MetadataImage Metadata => _metadata();

    /// <summary>Finds a topic by its name, or by its id when <paramref name="name"/> is empty; null when this broker keeps nothing of it.</summary>
    public TopicPartitions? FindTopic(string name, Guid id) =>
        name.Length > 0 ? _partitions.FindTopic(name) : _partitions.FindTopic(new TopicId(id));

    /// <summary>The partition, or the error to answer: unknown topic, unknown partition, or a log that could not be opened.</summary>
    /// <param name="topic">What <see cref="FindTopic"/> found.</param>
    /// <param name="isById">Whether the request names topics by id.</param>
    /// <param name="index">The partition's index.</param>
    /// <param name="partition">The partition, when there is no error.</param>
    public static ErrorCode Find(TopicPartitions? topic, bool isById, int index, out Partition? partition)
    {
        partition = topic?.Find(index);
        if (partition is not null)
        {
            return ErrorCode.None;
        }

        return topic is not null && index >= 0 && index < topic.Count ? ErrorCode.KafkaStorageError
            : topic is not null || !isById ? ErrorCode.UnknownTopicOrPartition
            : ErrorCode.UnknownTopicId;
    }

    /// <summary>Finds a partition by topic name.</summary>
    public ErrorCode Find(string name, int index, out Partition? partition) =>
        Find(_partitions.FindTopic(name), isById: false, index, out partition);

    /// <summary>The address at which clients of a listener reach a broker, or null.</summary>
    public (BrokerEndpoint Endpoint, string? Rack)? FindBroker(BrokerId broker, ListenerName listener) =>
        _metadata().Brokers.TryGetValue(broker, out BrokerImage? image) && image.FindEndpoint(listener.Value) is { } endpoint
            ? (endpoint, image.Rack)
            : null;
}
