// DescribeGroups 0-6.
// 0 describes classic groups; 1 adds the throttle time; 2 changes nothing; 3 answers authorised operations (KIP-430); 4 instance ids
// (KIP-345); 5 is flexible; 6 answers GROUP_ID_NOT_FOUND for a group that is not there, where earlier ones say that it is dead (KIP-1043).
// Errors by group: GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID, GROUP_ID_NOT_FOUND, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS,
// COORDINATOR_NOT_AVAILABLE.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Metadata;
using Ottla.Coordination.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Describes groups and their members.</summary>
internal sealed class DescribeGroupsHandler : RequestHandler<DescribeGroupsRequest, DescribeGroupsResponse>
{
    private readonly GroupCoordinator _groups;

    public DescribeGroupsHandler(GroupCoordinator groups)
    {
        _groups = groups;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Describe);

    /// <inheritdoc/>
    public override async ValueTask<DescribeGroupsResponse?> HandleAsync(
        DescribeGroupsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var response = new DescribeGroupsResponse();
        foreach (string groupId in request.Groups)
        {
            DescribeGroupsResponse.DescribedGroup group = context.IsAuthorized(AclOperation.Describe, ResourceType.Group, groupId)
                ? await _groups.DescribeGroupAsync(groupId, context.ApiVersion)
                : Failed(groupId, ErrorCode.GroupAuthorizationFailed);
            if (request.IncludeAuthorizedOperations && group.ErrorCode == ErrorCode.None)
            {
                group.AuthorizedOperations = AuthorizedOperations.OnGroup(context, groupId);
            }

            response.Groups.Add(group);
        }

        return response;
    }

    /// <inheritdoc/>
    protected override DescribeGroupsResponse? FailAll(DescribeGroupsRequest request, ErrorCode error, RequestContext context) =>
        new() { Groups = request.Groups.ConvertAll(groupId => Failed(groupId, error)) };

    private static DescribeGroupsResponse.DescribedGroup Failed(string groupId, ErrorCode error) => new() { GroupId = groupId, ErrorCode = error };
}
