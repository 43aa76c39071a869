// IncrementalAlterConfigs 0-1.
// 0 (KIP-339); 1 is flexible.
// Errors: INVALID_CONFIG with key and range, INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION, BROKER_ID_NOT_REGISTERED,
// TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED; KAFKA_STORAGE_ERROR when the metadata log failed.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Resource = Ottla.Protocol.Messages.IncrementalAlterConfigsRequest.AlterConfigsResource;

namespace Ottla.Broker.Requests.Configs;

/// <summary>Changes single configuration values.</summary>
internal sealed class IncrementalAlterConfigsHandler : RequestHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>
{
    private readonly MetadataHost _metadata;

    /// <param name="metadata">The controller's host.</param>
    public IncrementalAlterConfigsHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.AlterConfigs);

    /// <inheritdoc/>
    public override async ValueTask<IncrementalAlterConfigsResponse?> HandleAsync(
        IncrementalAlterConfigsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        List<Resource> denied = request.Resources.FindAll(resource => Check(resource, context) != ErrorCode.None);
        IncrementalAlterConfigsRequest allowed = denied.Count == 0
            ? request
            : new() { ValidateOnly = request.ValidateOnly, Resources = request.Resources.FindAll(resource => Check(resource, context) == ErrorCode.None) };
        MetadataAnswer<IncrementalAlterConfigsResponse> answer = await _metadata.SubmitAsync<IncrementalAlterConfigsResponse>(
            token => new ControllerCommand.IncrementalAlterConfigs(token, allowed), cancellationToken);
        IncrementalAlterConfigsResponse response = answer.Response
            ?? new() { Responses = allowed.Resources.ConvertAll(resource => Refuse(resource, answer.Error)) };
        response.Responses.AddRange(denied.Select(resource => Refuse(resource, Check(resource, context))));
        return response;
    }

    /// <inheritdoc/>
    protected override IncrementalAlterConfigsResponse? FailAll(IncrementalAlterConfigsRequest request, ErrorCode error, RequestContext context) => new()
    {
        Responses = request.Resources.ConvertAll(resource => Refuse(resource, error)),
    };

    private static ErrorCode Check(Resource resource, RequestContext context) =>
        ConfigAuthorization.Check(context, AclOperation.AlterConfigs, resource.ResourceType, resource.ResourceName);

    private static IncrementalAlterConfigsResponse.AlterConfigsResourceResponse Refuse(Resource resource, ErrorCode error) => new()
    {
        ErrorCode = error,
        ResourceType = resource.ResourceType,
        ResourceName = resource.ResourceName,
    };
}
