using System.Collections.Immutable;
using Ottla.Protocol;

namespace Ottla.Client.Metadata;

/// <summary>What is known of the cluster at one moment. Immutable, published by one reference swap.</summary>
internal sealed record ClusterMetadata
{
    public static ClusterMetadata Empty { get; } = new();

    public string? ClusterId { get; init; }

    public BrokerId Controller { get; init; } = new(-1);

    public ImmutableDictionary<int, BrokerNode> Brokers { get; init; } = ImmutableDictionary<int, BrokerNode>.Empty;

    public ImmutableDictionary<string, TopicMetadata> Topics { get; init; } =
        ImmutableDictionary.Create<string, TopicMetadata>(StringComparer.Ordinal);

    public TopicMetadata? FindTopic(string name) => Topics.GetValueOrDefault(name);

    public string? FindTopicName(TopicId id)
    {
        foreach (TopicMetadata topic in Topics.Values)
        {
            if (topic.Id == id)
            {
                return topic.Name;
            }
        }

        return null;
    }

    public PartitionMetadata? FindPartition(TopicPartition partition) =>
        FindTopic(partition.Topic) is { } topic && (uint)partition.Partition.Value < (uint)topic.Partitions.Count
            ? topic.Partitions[partition.Partition.Value]
            : null;

    /// <summary>The broker to ask about a partition, or null while there is no leader or it is not known where it listens.</summary>
    public BrokerNode? FindLeader(TopicPartition partition) =>
        FindPartition(partition) is { } found ? Brokers.GetValueOrDefault(found.Leader.Value) : null;

    /// <summary>
    /// Takes over an answer: brokers are replaced, topics that it names are replaced or dropped, others are kept unless the answer was
    /// about all topics.
    /// </summary>
    public ClusterMetadata With(ClusterMetadata answer, bool aboutAllTopics, IEnumerable<string> goneTopics)
    {
        ImmutableDictionary<string, TopicMetadata> topics = aboutAllTopics
            ? answer.Topics
            : Topics.RemoveRange(goneTopics).SetItems(answer.Topics.Select(pair => KeyValuePair.Create(pair.Key, KeepNewerEpochs(pair.Value))));
        return answer with { Topics = topics };
    }

    /// <summary>A broker that lags may answer with a leader of an epoch that is over (KIP-320): what is newer stays.</summary>
    private TopicMetadata KeepNewerEpochs(TopicMetadata answered)
    {
        if (FindTopic(answered.Name) is not { } known || known.Id != answered.Id)
        {
            return answered;
        }

        PartitionMetadata[] partitions = answered.Partitions
            .Select((partition, index) => index < known.Partitions.Count
                && known.Partitions[index].LeaderEpoch.Value > partition.LeaderEpoch.Value
                    ? known.Partitions[index]
                    : partition)
            .ToArray();
        return answered with { Partitions = partitions };
    }
}
