// ListPartitionReassignments 0.
// 0 (KIP-455).
// Errors: CLUSTER_AUTHORIZATION_FAILED.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Topics;

/// <summary>Lists the reassignments that run.</summary>
internal sealed class ListPartitionReassignmentsHandler : RequestHandler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>
{
    private readonly MetadataHost _metadata;

    /// <param name="metadata">What is listed.</param>
    public ListPartitionReassignmentsHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<ListPartitionReassignmentsResponse?> HandleAsync(
        ListPartitionReassignmentsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(PartitionReassignment.List(_metadata.Current, request));

    /// <inheritdoc/>
    protected override ListPartitionReassignmentsResponse? FailAll(
        ListPartitionReassignmentsRequest request, ErrorCode error, RequestContext context) => new() { ErrorCode = error };
}
