// JoinGroup 0-9.
// 0 joins a classic group; 1 takes a rebalance timeout; 2 adds the throttle time; 3 changes nothing; 4 has new members come back with the
// id that they are given (KIP-394); 5 takes an instance id (KIP-345); 6 is flexible; 7 names the protocol type (KIP-559); 8 takes a reason
// (KIP-800); 9 tells a static leader that it need not assign (KIP-814).
// Errors: GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID, INVALID_SESSION_TIMEOUT, INCONSISTENT_GROUP_PROTOCOL, UNKNOWN_MEMBER_ID,
// FENCED_INSTANCE_ID, GROUP_MAX_SIZE_REACHED, MEMBER_ID_REQUIRED, REBALANCE_IN_PROGRESS, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS,
// COORDINATOR_NOT_AVAILABLE.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Groups;
using Ottla.Core.Groups.Classic;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Lets a member join its group; answered when the next generation stands.</summary>
internal sealed class JoinGroupHandler : RequestHandler<JoinGroupRequest, JoinGroupResponse>
{
    private const short FirstVersionWithNullProtocol = 7;

    private readonly GroupCoordinator _groups;

    public JoinGroupHandler(GroupCoordinator groups)
    {
        _groups = groups;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Read);

    /// <inheritdoc/>
    public override async ValueTask<JoinGroupResponse?> HandleAsync(
        JoinGroupRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
        {
            return FailAll(request, ErrorCode.GroupAuthorizationFailed, context);
        }

        // Kafka shows addresses with the slash that Java puts before them.
        var client = new GroupClient(context.ClientId ?? string.Empty, "/" + context.ClientHost);
        return Adapt(await _groups.JoinGroupAsync(request, context.ApiVersion, client, cancellationToken), context.ApiVersion);
    }

    /// <inheritdoc/>
    protected override JoinGroupResponse? FailAll(JoinGroupRequest request, ErrorCode error, RequestContext context) => Adapt(
        new JoinGroupResponse { ErrorCode = error, MemberId = request.MemberId, GenerationId = -1, Leader = string.Empty }, context.ApiVersion);

    private static JoinGroupResponse Adapt(JoinGroupResponse response, short version)
    {
        if (string.IsNullOrEmpty(response.ProtocolName))
        {
            response.ProtocolName = version < FirstVersionWithNullProtocol ? string.Empty : null;
        }

        return response;
    }
}
