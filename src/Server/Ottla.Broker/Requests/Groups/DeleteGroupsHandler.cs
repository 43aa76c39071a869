// DeleteGroups 0-3.
// 0 deletes empty groups with their offsets (KIP-229); 1 changes nothing; 2 is flexible; 3 says why not.
// Errors by group: GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP, NOT_COORDINATOR,
// COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Deletes groups that have no members.</summary>
internal sealed class DeleteGroupsHandler : RequestHandler<DeleteGroupsRequest, DeleteGroupsResponse>
{
    private readonly GroupCoordinator _groups;

    public DeleteGroupsHandler(GroupCoordinator groups)
    {
        _groups = groups;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Delete);

    /// <inheritdoc/>
    public override async ValueTask<DeleteGroupsResponse?> HandleAsync(
        DeleteGroupsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var response = new DeleteGroupsResponse();
        foreach (string groupId in request.GroupsNames)
        {
            response.Results.Add(context.IsAuthorized(AclOperation.Delete, ResourceType.Group, groupId)
                ? await _groups.DeleteGroupAsync(groupId)
                : Failed(groupId, ErrorCode.GroupAuthorizationFailed));
        }

        return response;
    }

    /// <inheritdoc/>
    protected override DeleteGroupsResponse? FailAll(DeleteGroupsRequest request, ErrorCode error, RequestContext context) =>
        new() { Results = request.GroupsNames.ConvertAll(groupId => Failed(groupId, error)) };

    private static DeleteGroupsResponse.DeletableGroupResult Failed(string groupId, ErrorCode error) => new() { GroupId = groupId, ErrorCode = error };
}
