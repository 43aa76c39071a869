// SyncGroup 0-5.
// 0 hands out assignments; 1 adds the throttle time; 2 changes nothing; 3 takes an instance id (KIP-345); 4 is flexible; 5 takes and
// answers protocol type and name (KIP-559).
// Errors: GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID, UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, FENCED_INSTANCE_ID,
// INCONSISTENT_GROUP_PROTOCOL, REBALANCE_IN_PROGRESS, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Takes the leader's assignments and gives each member its own.</summary>
internal sealed class SyncGroupHandler : RequestHandler<SyncGroupRequest, SyncGroupResponse>
{
    private const short FirstVersionWithProtocol = 5;

    private readonly GroupCoordinator _groups;

    public SyncGroupHandler(GroupCoordinator groups)
    {
        _groups = groups;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Read);

    /// <inheritdoc/>
    public override async ValueTask<SyncGroupResponse?> HandleAsync(
        SyncGroupRequest request, RequestContext context, CancellationToken cancellationToken) =>
        NamesNoProtocol(request, context.ApiVersion) ? FailAll(request, ErrorCode.InconsistentGroupProtocol, context)
            : !context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId) ? FailAll(request, ErrorCode.GroupAuthorizationFailed, context)
            : await _groups.SyncGroupAsync(request, cancellationToken);

    private static bool NamesNoProtocol(SyncGroupRequest request, short version) =>
        version >= FirstVersionWithProtocol && (request.ProtocolType is null || request.ProtocolName is null);

    /// <inheritdoc/>
    protected override SyncGroupResponse? FailAll(SyncGroupRequest request, ErrorCode error, RequestContext context) => new() { ErrorCode = error };
}
