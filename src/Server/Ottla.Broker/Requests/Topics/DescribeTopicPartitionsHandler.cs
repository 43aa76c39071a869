// DescribeTopicPartitions 0.
// 0 (KIP-966) pages through the partitions of topics in the order of their names.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION, INVALID_REQUEST for a cursor below 0 or at a topic that is not asked about,
// TOPIC_AUTHORIZATION_FAILED; per partition LEADER_NOT_AVAILABLE and LISTENER_NOT_FOUND.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Metadata;
using Ottla.Coordination.Metadata;
using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Topic = Ottla.Protocol.Messages.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;

namespace Ottla.Broker.Requests.Topics;

/// <summary>Describes partitions, page by page.</summary>
internal sealed class DescribeTopicPartitionsHandler : RequestHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>
{
    private readonly MetadataHost _metadata;
    private readonly EffectiveConfiguration _configuration;

    /// <param name="metadata">What is described.</param>
    /// <param name="configuration">Limits the page.</param>
    public DescribeTopicPartitionsHandler(MetadataHost metadata, EffectiveConfiguration configuration)
    {
        _metadata = metadata;
        _configuration = configuration;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<DescribeTopicPartitionsResponse?> HandleAsync(
        DescribeTopicPartitionsRequest request, RequestContext context, CancellationToken cancellationToken) => new(Answer(request, context));

    /// <inheritdoc/>
    protected override DescribeTopicPartitionsResponse? FailAll(
        DescribeTopicPartitionsRequest request, ErrorCode error, RequestContext context) => new()
        {
            Topics = request.Topics.ConvertAll(topic => new Topic { Name = topic.Name, ErrorCode = error }),
        };

    private DescribeTopicPartitionsResponse? Answer(DescribeTopicPartitionsRequest request, RequestContext context)
    {
        if (request.Cursor is { } from
            && (from.PartitionIndex < 0 || (request.Topics.Count > 0 && !request.Topics.Exists(topic => topic.Name == from.TopicName))))
        {
            return FailAll(request, ErrorCode.InvalidRequest, context);
        }

        MetadataImage image = _metadata.Current;
        int most = _configuration.Under(image).Get(NetworkKeys.MaxRequestPartitionSizeLimit);
        int remaining = Math.Max(1, Math.Min(request.ResponsePartitionLimit, most));
        DescribeTopicPartitionsResponse response = new();
        foreach (string name in Names(request, image))
        {
            int first = request.Cursor is { } cursor && cursor.TopicName == name ? cursor.PartitionIndex : 0;
            if (remaining == 0)
            {
                response.NextCursor = new DescribeTopicPartitionsResponse.Cursor { TopicName = name, PartitionIndex = first };
                break;
            }

            Topic? described = Describe(image, name, isAsked: request.Topics.Count > 0, context);
            if (described is null)
            {
                continue;
            }

            response.Topics.Add(described);
            if (described.ErrorCode == ErrorCode.None && AddPartitions(image, described, first, ref remaining, context) is { } next)
            {
                response.NextCursor = next;
                break;
            }
        }

        return response;
    }

    /// <summary>The topics in order, from that of the cursor on.</summary>
    private static IEnumerable<string> Names(DescribeTopicPartitionsRequest request, MetadataImage image)
    {
        IEnumerable<string> names = request.Topics.Count == 0
            ? image.Topics.ByName.Keys
            : request.Topics.Select(static topic => topic.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return request.Cursor is { } cursor ? names.Where(name => string.CompareOrdinal(name, cursor.TopicName) >= 0) : names;
    }

    /// <summary>The topic without its partitions; null for one that nobody asked about and the principal may not see.</summary>
    private static Topic? Describe(MetadataImage image, string name, bool isAsked, RequestContext context)
    {
        if (!context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, name))
        {
            return isAsked ? new Topic { Name = name, ErrorCode = ErrorCode.TopicAuthorizationFailed } : null;
        }

        return image.Topics.TryFind(name, out TopicImage? topic)
            ? new Topic
            {
                Name = name,
                TopicId = topic.Id.Value,
                IsInternal = TopicNames.IsInternal(name),
                TopicAuthorizedOperations = AuthorizedOperations.OnTopic(context, name),
            }
            : new Topic
            {
                Name = name,
                ErrorCode = TopicNames.Check(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException,
                TopicAuthorizedOperations = AuthorizedOperations.OnTopic(context, name),
            };
    }

    /// <summary>Adds partitions until the page is full; then says where the next one begins.</summary>
    private static DescribeTopicPartitionsResponse.Cursor? AddPartitions(MetadataImage image, Topic described, int first, ref int remaining, RequestContext context)
    {
        TopicImage topic = image.Topics.ById[new TopicId(described.TopicId)];
        for (int index = first; index < topic.Partitions.Length; index++)
        {
            if (remaining == 0)
            {
                return new DescribeTopicPartitionsResponse.Cursor { TopicName = topic.Name, PartitionIndex = index };
            }

            remaining--;
            PartitionImage partition = topic.Partitions[index];
            described.Partitions.Add(new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition
            {
                ErrorCode = PartitionView.ErrorOf(image, partition, context.Listener.Value, knowsListenerError: true),
                PartitionIndex = index,
                LeaderId = partition.Leader.Value,
                LeaderEpoch = partition.LeaderEpoch.Value,
                ReplicaNodes = PartitionView.Ids(partition.Replicas),
                IsrNodes = PartitionView.Ids(partition.Isr),
                EligibleLeaderReplicas = PartitionView.Ids(partition.EligibleLeaderReplicas ?? []),
                LastKnownElr = PartitionView.Ids(partition.LastKnownElr ?? []),
                OfflineReplicas = PartitionView.Offline(image, partition),
            });
        }

        return null;
    }
}
