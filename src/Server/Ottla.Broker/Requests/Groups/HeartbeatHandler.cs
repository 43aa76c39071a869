// Heartbeat 0-4.
// 0 says that a member is alive; 1 adds the throttle time; 2 changes nothing; 3 takes an instance id (KIP-345); 4 is flexible.
// Errors: GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID, UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, FENCED_INSTANCE_ID,
// REBALANCE_IN_PROGRESS, NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Notes that a member is alive, and tells it of a rebalance.</summary>
internal sealed class HeartbeatHandler : RequestHandler<HeartbeatRequest, HeartbeatResponse>
{
    private readonly GroupCoordinator _groups;

    public HeartbeatHandler(GroupCoordinator groups)
    {
        _groups = groups;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Read);

    /// <inheritdoc/>
    public override async ValueTask<HeartbeatResponse?> HandleAsync(
        HeartbeatRequest request, RequestContext context, CancellationToken cancellationToken) =>
        context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId)
            ? await _groups.HeartbeatAsync(request)
            : FailAll(request, ErrorCode.GroupAuthorizationFailed, context);

    /// <inheritdoc/>
    protected override HeartbeatResponse? FailAll(HeartbeatRequest request, ErrorCode error, RequestContext context) => new() { ErrorCode = error };
}
