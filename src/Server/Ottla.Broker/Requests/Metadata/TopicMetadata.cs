using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Metadata;

/// <summary>The entry of one topic in a Metadata response.</summary>
internal static class TopicMetadata
{
    /// <summary>The entry of a topic that is not told, with the reason.</summary>
    public static MetadataResponse.MetadataResponseTopic Refuse(string? name, ErrorCode error, Guid id = default) => new()
    {
        Name = name!, // null only where the version allows it
        TopicId = id,
        ErrorCode = error,
        IsInternal = name is not null && TopicNames.IsInternal(name),
    };

    /// <summary>The entry of a topic that is not there, for a principal that may know that.</summary>
    public static MetadataResponse.MetadataResponseTopic Refuse(string name, ErrorCode error, bool withOperations, RequestContext context)
    {
        MetadataResponse.MetadataResponseTopic refused = Refuse(name, error);
        if (withOperations)
        {
            refused.TopicAuthorizedOperations = AuthorizedOperations.OnTopic(context, name);
        }

        return refused;
    }

    /// <summary>The entry of a topic, as seen through the listener of the request.</summary>
    public static MetadataResponse.MetadataResponseTopic Describe(MetadataImage image, TopicImage topic, bool withOperations, RequestContext context)
    {
        MetadataResponse.MetadataResponseTopic described = new()
        {
            Name = topic.Name,
            TopicId = topic.Id.Value,
            IsInternal = TopicNames.IsInternal(topic.Name),
            Partitions = new(topic.Partitions.Length),
        };
        foreach (PartitionImage partition in topic.Partitions)
        {
            described.Partitions.Add(new MetadataResponse.MetadataResponsePartition
            {
                ErrorCode = PartitionView.ErrorOf(image, partition, context.Listener.Value, context.ApiVersion >= 6),
                PartitionIndex = partition.Id.Value,
                LeaderId = partition.Leader.Value,
                LeaderEpoch = partition.LeaderEpoch.Value,
                ReplicaNodes = PartitionView.Ids(partition.Replicas),
                IsrNodes = PartitionView.Ids(partition.Isr),
                OfflineReplicas = PartitionView.Offline(image, partition),
            });
        }

        if (withOperations)
        {
            described.TopicAuthorizedOperations = AuthorizedOperations.OnTopic(context, topic.Name);
        }

        return described;
    }
}
