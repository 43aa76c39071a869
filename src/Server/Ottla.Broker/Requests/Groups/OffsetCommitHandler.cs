// OffsetCommit 0-10.
// 0 commits offsets of a group; 1 takes generation, member and a timestamp; 2 a retention time; 3 adds the throttle time; 4 changes
// nothing; 5 drops the retention time (KIP-211); 6 takes leader epochs (KIP-320); 7 an instance id (KIP-345); 8 is flexible; 9 is for the
// new group protocol too (KIP-848); 10 names topics by id (KIP-516).
// Errors by partition: UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, TOPIC_AUTHORIZATION_FAILED, GROUP_AUTHORIZATION_FAILED,
// INVALID_GROUP_ID, UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, FENCED_INSTANCE_ID, REBALANCE_IN_PROGRESS, OFFSET_METADATA_TOO_LARGE,
// INVALID_COMMIT_OFFSET_SIZE, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Partitions;
using Ottla.Coordination.Groups;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Commits offsets of partitions that exist; the others are refused one by one.</summary>
internal sealed class OffsetCommitHandler : RequestHandler<OffsetCommitRequest, OffsetCommitResponse>
{
    private const short FirstVersionWithTopicIds = 10;

    private readonly GroupCoordinator _groups;
    private readonly PartitionDirectory _partitions;

    public OffsetCommitHandler(GroupCoordinator groups, PartitionDirectory partitions)
    {
        _groups = groups;
        _partitions = partitions;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Read);

    /// <inheritdoc/>
    public override async ValueTask<OffsetCommitResponse?> HandleAsync(
        OffsetCommitRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
        {
            return FailAll(request, ErrorCode.GroupAuthorizationFailed, context);
        }

        var refused = new List<OffsetCommitResponse.OffsetCommitResponseTopic>();
        List<OffsetCommitRequest.OffsetCommitRequestTopic> asked = request.Topics;
        request.Topics = asked.ConvertAll(topic => KeepExisting(topic, context, refused)).FindAll(static topic => topic.Partitions.Count > 0);
        OffsetCommitResponse response = request.Topics.Count > 0 || asked.Count == 0
            ? await _groups.CommitOffsetsAsync(request, context.ApiVersion)
            : new OffsetCommitResponse();
        Add(response, refused);
        return response;
    }

    // A topic is answered once, with the partitions that were refused among the others.
    private static void Add(OffsetCommitResponse response, List<OffsetCommitResponse.OffsetCommitResponseTopic> refused)
    {
        foreach (OffsetCommitResponse.OffsetCommitResponseTopic topic in refused)
        {
            if (response.Topics.Find(answered => answered.TopicId == topic.TopicId && (topic.TopicId != Guid.Empty || answered.Name == topic.Name)) is { } known)
            {
                known.Partitions.AddRange(topic.Partitions);
            }
            else
            {
                response.Topics.Add(topic);
            }
        }
    }

    /// <inheritdoc/>
    protected override OffsetCommitResponse? FailAll(OffsetCommitRequest request, ErrorCode error, RequestContext context)
    {
        var response = new OffsetCommitResponse();
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in request.Topics)
        {
            response.Topics.Add(Refuse(topic, topic.Partitions, error));
        }

        return response;
    }

    private OffsetCommitRequest.OffsetCommitRequestTopic KeepExisting(
        OffsetCommitRequest.OffsetCommitRequestTopic topic, RequestContext context, List<OffsetCommitResponse.OffsetCommitResponseTopic> refused)
    {
        bool byId = context.ApiVersion >= FirstVersionWithTopicIds;
        TopicsImage topics = _partitions.Metadata.Topics;
        bool isKnown = byId ? topics.TryFind(new TopicId(topic.TopicId), out TopicImage? image) : topics.TryFind(topic.Name, out image);
        string name = image?.Name ?? topic.Name;
        ErrorCode error = !isKnown ? (byId ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition)
            : !context.IsAuthorized(AclOperation.Read, ResourceType.Topic, name) ? ErrorCode.TopicAuthorizationFailed
            : ErrorCode.None;
        List<OffsetCommitRequest.OffsetCommitRequestPartition> kept = error == ErrorCode.None
            ? topic.Partitions.FindAll(partition => image!.FindPartition(new PartitionId(partition.PartitionIndex)) is not null) // it is known
            : [];
        if (kept.Count < topic.Partitions.Count || error != ErrorCode.None)
        {
            refused.Add(Refuse(topic, topic.Partitions.Except(kept), error == ErrorCode.None ? ErrorCode.UnknownTopicOrPartition : error));
        }

        return new OffsetCommitRequest.OffsetCommitRequestTopic { Name = name, TopicId = topic.TopicId, Partitions = kept };
    }

    private static OffsetCommitResponse.OffsetCommitResponseTopic Refuse(
        OffsetCommitRequest.OffsetCommitRequestTopic topic, IEnumerable<OffsetCommitRequest.OffsetCommitRequestPartition> partitions, ErrorCode error) => new()
        {
            Name = topic.Name,
            TopicId = topic.TopicId,
            Partitions = [.. partitions.Select(partition => new OffsetCommitResponse.OffsetCommitResponsePartition
            {
                PartitionIndex = partition.PartitionIndex,
                ErrorCode = error,
            })],
        };
}
