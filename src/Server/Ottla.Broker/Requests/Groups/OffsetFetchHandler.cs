// OffsetFetch 0-10.
// 0 and 1 answer committed offsets of named topics; 2 those of all topics, and an error of the group (KIP-88); 3 adds the throttle time;
// 4 changes nothing; 5 answers leader epochs (KIP-320); 6 is flexible; 7 asks for stable offsets (KIP-447), which all are; 8 takes many
// groups (KIP-709); 9 a member (KIP-848); 10 names topics by id (KIP-516).
// Errors: GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE for a
// group; UNKNOWN_TOPIC_ID and TOPIC_AUTHORIZATION_FAILED for a partition. Below version 2 all of them stand beside the partitions.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Answers what groups have committed.</summary>
internal sealed class OffsetFetchHandler : RequestHandler<OffsetFetchRequest, OffsetFetchResponse>
{
    private const short FirstVersionWithManyGroups = 8;

    private readonly GroupCoordinator _groups;
    private readonly FetchedOffsets _offsets;

    public OffsetFetchHandler(GroupCoordinator groups, FetchedOffsets offsets)
    {
        _groups = groups;
        _offsets = offsets;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Describe);

    /// <inheritdoc/>
    public override async ValueTask<OffsetFetchResponse?> HandleAsync(
        OffsetFetchRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (context.ApiVersion < FirstVersionWithManyGroups)
        {
            return FetchedOffsets.ToSingle(await FetchAsync(FetchedOffsets.FromSingle(request), context), request, context.ApiVersion);
        }

        var response = new OffsetFetchResponse();
        foreach (OffsetFetchRequest.OffsetFetchRequestGroup group in request.Groups)
        {
            response.Groups.Add(await FetchAsync(group, context));
        }

        return response;
    }

    /// <inheritdoc/>
    protected override OffsetFetchResponse? FailAll(OffsetFetchRequest request, ErrorCode error, RequestContext context) =>
        context.ApiVersion < FirstVersionWithManyGroups
            ? FetchedOffsets.ToSingle(new OffsetFetchResponse.OffsetFetchResponseGroup { ErrorCode = error }, request, context.ApiVersion)
            : new OffsetFetchResponse
            {
                Groups = request.Groups.ConvertAll(group => new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = group.GroupId, ErrorCode = error }),
            };

    private async ValueTask<OffsetFetchResponse.OffsetFetchResponseGroup> FetchAsync(
        OffsetFetchRequest.OffsetFetchRequestGroup group, RequestContext context)
    {
        if (!context.IsAuthorized(AclOperation.Describe, ResourceType.Group, group.GroupId))
        {
            return new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = group.GroupId, ErrorCode = ErrorCode.GroupAuthorizationFailed };
        }

        List<OffsetFetchResponse.OffsetFetchResponseTopics> refused = _offsets.TakeOutUnknown(group, context);
        OffsetFetchResponse.OffsetFetchResponseGroup answer = await _groups.FetchOffsetsAsync(group);
        _offsets.Complete(answer, refused, context);
        return answer;
    }
}
