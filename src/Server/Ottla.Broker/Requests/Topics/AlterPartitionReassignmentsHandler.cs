// AlterPartitionReassignments 0-1.
// 0 (KIP-455); 1 can forbid a change of the replication factor (KIP-860).
// Errors: NO_REASSIGNMENT_IN_PROGRESS, INVALID_REPLICA_ASSIGNMENT, INVALID_REPLICATION_FACTOR, UNKNOWN_TOPIC_OR_PARTITION,
// CLUSTER_AUTHORIZATION_FAILED; KAFKA_STORAGE_ERROR when the metadata log failed.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Topics;

/// <summary>Starts and cancels reassignments.</summary>
internal sealed class AlterPartitionReassignmentsHandler : RequestHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>
{
    private readonly MetadataHost _metadata;

    /// <param name="metadata">The controller's host.</param>
    public AlterPartitionReassignmentsHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Alter);

    /// <inheritdoc/>
    public override async ValueTask<AlterPartitionReassignmentsResponse?> HandleAsync(
        AlterPartitionReassignmentsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        MetadataAnswer<AlterPartitionReassignmentsResponse> answer = await _metadata.SubmitAsync<AlterPartitionReassignmentsResponse>(
            token => new ControllerCommand.AlterPartitionReassignments(token, request), cancellationToken);
        return answer.Response ?? FailAll(request, answer.Error, context);
    }

    /// <inheritdoc/>
    protected override AlterPartitionReassignmentsResponse? FailAll(
        AlterPartitionReassignmentsRequest request, ErrorCode error, RequestContext context) => new() { ErrorCode = error };
}
