// AlterConfigs 0-2.
// 0; 1 throttles after the answer; 2 is flexible.
// Errors: INVALID_CONFIG with key and range, INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION, BROKER_ID_NOT_REGISTERED,
// TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED; KAFKA_STORAGE_ERROR when the metadata log failed.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Resource = Ottla.Protocol.Messages.AlterConfigsRequest.AlterConfigsResource;

namespace Ottla.Broker.Requests.Configs;

/// <summary>Replaces all configuration values of resources: what is not named goes back to its default.</summary>
internal sealed class AlterConfigsHandler : RequestHandler<AlterConfigsRequest, AlterConfigsResponse>
{
    private readonly MetadataHost _metadata;

    /// <param name="metadata">The controller's host.</param>
    public AlterConfigsHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.AlterConfigs);

    /// <inheritdoc/>
    public override async ValueTask<AlterConfigsResponse?> HandleAsync(
        AlterConfigsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        List<Resource> denied = request.Resources.FindAll(resource => Check(resource, context) != ErrorCode.None);
        AlterConfigsRequest allowed = denied.Count == 0
            ? request
            : new() { ValidateOnly = request.ValidateOnly, Resources = request.Resources.FindAll(resource => Check(resource, context) == ErrorCode.None) };
        MetadataAnswer<AlterConfigsResponse> answer = await _metadata.SubmitAsync<AlterConfigsResponse>(
            token => new ControllerCommand.AlterConfigs(token, allowed), cancellationToken);
        AlterConfigsResponse response = answer.Response
            ?? new() { Responses = allowed.Resources.ConvertAll(resource => Refuse(resource, answer.Error)) };
        response.Responses.AddRange(denied.Select(resource => Refuse(resource, Check(resource, context))));
        return response;
    }

    /// <inheritdoc/>
    protected override AlterConfigsResponse? FailAll(AlterConfigsRequest request, ErrorCode error, RequestContext context) => new()
    {
        Responses = request.Resources.ConvertAll(resource => Refuse(resource, error)),
    };

    private static ErrorCode Check(Resource resource, RequestContext context) =>
        ConfigAuthorization.Check(context, AclOperation.AlterConfigs, resource.ResourceType, resource.ResourceName);

    private static AlterConfigsResponse.AlterConfigsResourceResponse Refuse(Resource resource, ErrorCode error) => new()
    {
        ErrorCode = error,
        ResourceType = resource.ResourceType,
        ResourceName = resource.ResourceName,
    };
}
