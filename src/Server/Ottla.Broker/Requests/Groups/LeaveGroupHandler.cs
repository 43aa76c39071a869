// LeaveGroup 0-5.
// 0 lets one member go; 1 adds the throttle time; 2 changes nothing; 3 lets many go, by member or instance id (KIP-345); 4 is flexible;
// 5 takes a reason (KIP-800).
// Errors: GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, NOT_COORDINATOR,
// COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE; from version 3 on those of a member stand beside it.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Lets members leave their group at once instead of by their session's end.</summary>
internal sealed class LeaveGroupHandler : RequestHandler<LeaveGroupRequest, LeaveGroupResponse>
{
    private const short FirstVersionWithMembers = 3;

    private readonly GroupCoordinator _groups;

    public LeaveGroupHandler(GroupCoordinator groups)
    {
        _groups = groups;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Read);

    /// <inheritdoc/>
    public override async ValueTask<LeaveGroupResponse?> HandleAsync(
        LeaveGroupRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
        {
            return FailAll(request, ErrorCode.GroupAuthorizationFailed, context);
        }

        if (context.ApiVersion >= FirstVersionWithMembers)
        {
            return await _groups.LeaveGroupAsync(request);
        }

        request.Members = [new LeaveGroupRequest.MemberIdentity { MemberId = request.MemberId }];
        LeaveGroupResponse response = await _groups.LeaveGroupAsync(request);
        ErrorCode error = response.ErrorCode == ErrorCode.None && response.Members.Count > 0 ? response.Members[0].ErrorCode : response.ErrorCode;
        return new LeaveGroupResponse { ErrorCode = error };
    }

    /// <inheritdoc/>
    protected override LeaveGroupResponse? FailAll(LeaveGroupRequest request, ErrorCode error, RequestContext context) => new() { ErrorCode = error };
}
