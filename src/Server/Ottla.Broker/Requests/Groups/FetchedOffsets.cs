using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Partitions;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Turns the versions of OffsetFetch into the newest, by topic name, and the answer back. Thread-safe.</summary>
internal sealed class FetchedOffsets
{
    private const short FirstVersionWithGroupError = 2;
    private const short FirstVersionWithTopicIds = 10;

    private readonly PartitionDirectory _partitions;

    public FetchedOffsets(PartitionDirectory partitions)
    {
        _partitions = partitions;
    }

    /// <summary>What a version below 8 asks, as one group of version 8.</summary>
    public static OffsetFetchRequest.OffsetFetchRequestGroup FromSingle(OffsetFetchRequest request) => new()
    {
        GroupId = request.GroupId,
        Topics = request.Topics?.ConvertAll(static topic => new OffsetFetchRequest.OffsetFetchRequestTopics
        {
            Name = topic.Name,
            PartitionIndexes = topic.PartitionIndexes,
        }),
    };

    /// <summary>The answer for a version below 8. Below 2 there is no place for the group's error but the partitions.</summary>
    public static OffsetFetchResponse ToSingle(OffsetFetchResponse.OffsetFetchResponseGroup group, OffsetFetchRequest request, short version)
    {
        if (group.ErrorCode != ErrorCode.None && version < FirstVersionWithGroupError)
        {
            return new OffsetFetchResponse
            {
                Topics = (request.Topics ?? []).ConvertAll(topic => new OffsetFetchResponse.OffsetFetchResponseTopic
                {
                    Name = topic.Name,
                    Partitions = topic.PartitionIndexes.ConvertAll(partition => new OffsetFetchResponse.OffsetFetchResponsePartition
                    {
                        PartitionIndex = partition,
                        CommittedOffset = -1,
                        Metadata = string.Empty,
                        ErrorCode = group.ErrorCode,
                    }),
                }),
            };
        }

        return new OffsetFetchResponse
        {
            ErrorCode = group.ErrorCode,
            Topics = group.Topics.ConvertAll(static topic => new OffsetFetchResponse.OffsetFetchResponseTopic
            {
                Name = topic.Name,
                Partitions = topic.Partitions.ConvertAll(static partition => new OffsetFetchResponse.OffsetFetchResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    CommittedOffset = partition.CommittedOffset,
                    CommittedLeaderEpoch = partition.CommittedLeaderEpoch,
                    Metadata = partition.Metadata,
                    ErrorCode = partition.ErrorCode,
                }),
            }),
        };
    }

    /// <summary>Gives topics that were named by id their names, and takes out those that nobody may or can ask about.</summary>
    /// <returns>The answers for what was taken out.</returns>
    public List<OffsetFetchResponse.OffsetFetchResponseTopics> TakeOutUnknown(OffsetFetchRequest.OffsetFetchRequestGroup group, RequestContext context)
    {
        var refused = new List<OffsetFetchResponse.OffsetFetchResponseTopics>();
        group.Topics?.RemoveAll(topic =>
        {
            if (context.ApiVersion >= FirstVersionWithTopicIds)
            {
                if (!_partitions.Metadata.Topics.TryFind(new TopicId(topic.TopicId), out TopicImage? image))
                {
                    refused.Add(Refuse(topic, ErrorCode.UnknownTopicId));
                    return true;
                }

                topic.Name = image.Name;
            }

            if (context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.Name))
            {
                return false;
            }

            refused.Add(Refuse(topic, ErrorCode.TopicAuthorizationFailed));
            return true;
        });
        return refused;
    }

    /// <summary>Adds what was taken out, the ids that the version wants, and drops topics of the whole list that the client may not see.</summary>
    public void Complete(
        OffsetFetchResponse.OffsetFetchResponseGroup answer, List<OffsetFetchResponse.OffsetFetchResponseTopics> refused, RequestContext context)
    {
        answer.Topics.RemoveAll(topic => !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.Name));
        if (context.ApiVersion >= FirstVersionWithTopicIds)
        {
            TopicsImage topics = _partitions.Metadata.Topics;
            answer.Topics.RemoveAll(topic => topic.TopicId == Guid.Empty && !topics.TryFind(topic.Name, out _));
            answer.Topics.ForEach(topic => topic.TopicId = topic.TopicId == Guid.Empty && topics.TryFind(topic.Name, out TopicImage? image)
                ? image.Id.Value
                : topic.TopicId);
        }

        if (answer.ErrorCode == ErrorCode.None)
        {
            answer.Topics.AddRange(refused);
        }
    }

    private static OffsetFetchResponse.OffsetFetchResponseTopics Refuse(OffsetFetchRequest.OffsetFetchRequestTopics topic, ErrorCode error) => new()
    {
        Name = topic.Name,
        TopicId = topic.TopicId,
        Partitions = topic.PartitionIndexes.ConvertAll(partition => new OffsetFetchResponse.OffsetFetchResponsePartitions
        {
            PartitionIndex = partition,
            CommittedOffset = -1,
            Metadata = string.Empty,
            ErrorCode = error,
        }),
    };
}
