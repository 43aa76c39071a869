// UpdateFeatures 0-2.
// 0 (KIP-584) allows a downgrade by a flag; 1 says how, and can validate only; 2 has no result for each feature.
// Errors: INVALID_UPDATE_VERSION, INVALID_REQUEST, CLUSTER_AUTHORIZATION_FAILED; KAFKA_STORAGE_ERROR when the metadata log failed.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Cluster;

/// <summary>Changes finalized feature levels.</summary>
internal sealed class UpdateFeaturesHandler : RequestHandler<UpdateFeaturesRequest, UpdateFeaturesResponse>
{
    private readonly MetadataHost _metadata;

    /// <param name="metadata">The controller's host.</param>
    public UpdateFeaturesHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Alter);

    /// <inheritdoc/>
    public override async ValueTask<UpdateFeaturesResponse?> HandleAsync(
        UpdateFeaturesRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        MetadataAnswer<UpdateFeaturesResponse> answer = await _metadata.SubmitAsync<UpdateFeaturesResponse>(
            token => new ControllerCommand.UpdateFeatures(token, request), cancellationToken);
        return answer.Response ?? FailAll(request, answer.Error, context);
    }

    /// <inheritdoc/>
    protected override UpdateFeaturesResponse? FailAll(UpdateFeaturesRequest request, ErrorCode error, RequestContext context) =>
        new() { ErrorCode = error };
}
