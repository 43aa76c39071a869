// OffsetDelete 0.
// 0 deletes committed offsets of a group (KIP-496).
// Errors: GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP, NOT_COORDINATOR,
// COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE for the whole; UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED,
// GROUP_SUBSCRIBED_TO_TOPIC for a partition.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Partitions;
using Ottla.Coordination.Groups;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Deletes what a group committed for partitions that it does not consume.</summary>
internal sealed class OffsetDeleteHandler : RequestHandler<OffsetDeleteRequest, OffsetDeleteResponse>
{
    private readonly GroupCoordinator _groups;
    private readonly PartitionDirectory _partitions;

    public OffsetDeleteHandler(GroupCoordinator groups, PartitionDirectory partitions)
    {
        _groups = groups;
        _partitions = partitions;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Delete);

    /// <inheritdoc/>
    public override async ValueTask<OffsetDeleteResponse?> HandleAsync(
        OffsetDeleteRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!context.IsAuthorized(AclOperation.Delete, ResourceType.Group, request.GroupId))
        {
            return FailAll(request, ErrorCode.GroupAuthorizationFailed, context);
        }

        var refused = new List<OffsetDeleteResponse.OffsetDeleteResponseTopic>();
        List<OffsetDeleteRequest.OffsetDeleteRequestTopic> asked = request.Topics;
        request.Topics = asked.ConvertAll(topic => KeepExisting(topic, context, refused)).FindAll(static topic => topic.Partitions.Count > 0);
        OffsetDeleteResponse response = await _groups.DeleteOffsetsAsync(request);
        if (response.ErrorCode == ErrorCode.None)
        {
            Add(response, refused);
        }

        return response;
    }

    // A topic is answered once, with the partitions that were refused among the others.
    private static void Add(OffsetDeleteResponse response, List<OffsetDeleteResponse.OffsetDeleteResponseTopic> refused)
    {
        foreach (OffsetDeleteResponse.OffsetDeleteResponseTopic topic in refused)
        {
            if (response.Topics.Find(answered => answered.Name == topic.Name) is { } known)
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
    protected override OffsetDeleteResponse? FailAll(OffsetDeleteRequest request, ErrorCode error, RequestContext context) => new() { ErrorCode = error };

    private OffsetDeleteRequest.OffsetDeleteRequestTopic KeepExisting(
        OffsetDeleteRequest.OffsetDeleteRequestTopic topic, RequestContext context, List<OffsetDeleteResponse.OffsetDeleteResponseTopic> refused)
    {
        bool isAllowed = context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic.Name);
        _partitions.Metadata.Topics.TryFind(topic.Name, out TopicImage? image);
        List<OffsetDeleteRequest.OffsetDeleteRequestPartition> kept = isAllowed && image is not null
            ? topic.Partitions.FindAll(partition => image.FindPartition(new PartitionId(partition.PartitionIndex)) is not null)
            : [];
        if (kept.Count < topic.Partitions.Count || image is null || !isAllowed)
        {
            refused.Add(new OffsetDeleteResponse.OffsetDeleteResponseTopic
            {
                Name = topic.Name,
                Partitions = [.. topic.Partitions.Except(kept).Select(partition => new OffsetDeleteResponse.OffsetDeleteResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = isAllowed ? ErrorCode.UnknownTopicOrPartition : ErrorCode.TopicAuthorizationFailed,
                })],
            });
        }

        return new OffsetDeleteRequest.OffsetDeleteRequestTopic { Name = topic.Name, Partitions = kept };
    }
}
