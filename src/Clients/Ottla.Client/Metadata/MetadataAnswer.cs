using System.Collections.Immutable;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Client.Metadata;

/// <summary>A metadata response taken apart: what is usable, and which topics have an error.</summary>
/// <param name="Cluster">Brokers and the topics without an error.</param>
/// <param name="TopicErrors">The topics that were asked for and have an error, with it.</param>
/// <param name="Broker">The broker that answered, as <c>host:port</c>.</param>
internal sealed record MetadataAnswer(ClusterMetadata Cluster, IReadOnlyDictionary<string, ErrorCode> TopicErrors, string Broker)
{
    /// <summary>What <paramref name="topic"/> is, as far as this answer tells.</summary>
    /// <exception cref="KafkaException">The topic's error.</exception>
    public TopicMetadata Topic(string topic) => Cluster.FindTopic(topic)
        ?? throw KafkaException.Of(TopicErrors.GetValueOrDefault(topic, ErrorCode.UnknownTopicOrPartition), ApiKey.Metadata, Broker, $"topic {topic}");

    public static MetadataAnswer From(MetadataResponse response, string broker)
    {
        var errors = new Dictionary<string, ErrorCode>(StringComparer.Ordinal);
        ImmutableDictionary<string, TopicMetadata>.Builder topics =
            ImmutableDictionary.CreateBuilder<string, TopicMetadata>(StringComparer.Ordinal);
        foreach (MetadataResponse.MetadataResponseTopic topic in response.Topics)
        {
            if (topic.Name is null)
            {
                continue;
            }

            if (topic.ErrorCode == ErrorCode.None)
            {
                topics[topic.Name] = ToTopic(topic);
            }
            else
            {
                errors[topic.Name] = topic.ErrorCode;
            }
        }

        var cluster = new ClusterMetadata
        {
            ClusterId = response.ClusterId,
            Controller = new BrokerId(response.ControllerId),
            Brokers = response.Brokers.ToImmutableDictionary(
                broker => broker.NodeId,
                broker => new BrokerNode(new BrokerId(broker.NodeId), new BrokerAddress(broker.Host, broker.Port), broker.Rack)),
            Topics = topics.ToImmutable(),
        };
        return new MetadataAnswer(cluster, errors, broker);
    }

    private static TopicMetadata ToTopic(MetadataResponse.MetadataResponseTopic topic) => new()
    {
        Name = topic.Name ?? string.Empty,
        Id = new TopicId(topic.TopicId),
        IsInternal = topic.IsInternal,
        Partitions = topic.Partitions
            .OrderBy(partition => partition.PartitionIndex)
            .Select(partition => new PartitionMetadata
            {
                Partition = new PartitionId(partition.PartitionIndex),
                Leader = new BrokerId(partition.LeaderId),
                LeaderEpoch = new LeaderEpoch(partition.LeaderEpoch),
                Replicas = ToIds(partition.ReplicaNodes),
                Isr = ToIds(partition.IsrNodes),
                OfflineReplicas = ToIds(partition.OfflineReplicas),
            })
            .ToArray(),
    };

    private static BrokerId[] ToIds(List<int> ids) => ids.Select(id => new BrokerId(id)).ToArray();
}
