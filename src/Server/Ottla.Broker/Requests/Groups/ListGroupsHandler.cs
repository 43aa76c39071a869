// ListGroups 0-5.
// 0 lists the groups of this broker; 1 adds the throttle time; 2 changes nothing; 3 is flexible; 4 filters by state (KIP-518); 5 by type
// (KIP-848).
// Errors: COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Lists the groups that the client may see.</summary>
internal sealed class ListGroupsHandler : RequestHandler<ListGroupsRequest, ListGroupsResponse>
{
    private readonly GroupCoordinator _groups;

    public ListGroupsHandler(GroupCoordinator groups)
    {
        _groups = groups;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Describe);

    /// <inheritdoc/>
    public override async ValueTask<ListGroupsResponse?> HandleAsync(
        ListGroupsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        ListGroupsResponse response = await _groups.ListGroupsAsync(request);
        response.Groups.RemoveAll(group => !context.IsAuthorized(AclOperation.Describe, ResourceType.Group, group.GroupId));
        return response;
    }

    /// <inheritdoc/>
    protected override ListGroupsResponse? FailAll(ListGroupsRequest request, ErrorCode error, RequestContext context) => new() { ErrorCode = error };
}
