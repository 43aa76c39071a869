// CreateTopics 0-7.
// 0; 1 can validate only and adds error messages; 2 the throttle time; 3 changes nothing; 4 takes -1 for the broker's defaults (KIP-464);
// 5 is flexible and tells what was created (KIP-525); 6 changes nothing; 7 adds topic ids.
// Errors: TOPIC_ALREADY_EXISTS, INVALID_TOPIC_EXCEPTION, INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_REPLICA_ASSIGNMENT,
// INVALID_CONFIG, INVALID_REQUEST, POLICY_VIOLATION for too many partitions at once, TOPIC_AUTHORIZATION_FAILED; KAFKA_STORAGE_ERROR
// when the metadata log failed.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Topics;

/// <summary>Creates topics. The answer comes when they can be written to.</summary>
internal sealed class CreateTopicsHandler : RequestHandler<CreateTopicsRequest, CreateTopicsResponse>
{
    private readonly MetadataHost _metadata;

    /// <param name="metadata">The controller's host.</param>
    public CreateTopicsHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Create);

    /// <inheritdoc/>
    public override async ValueTask<CreateTopicsResponse?> HandleAsync(
        CreateTopicsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        List<CreateTopicsRequest.CreatableTopic> denied = request.Topics.FindAll(topic => !IsAllowed(topic.Name, context));
        CreateTopicsRequest allowed = denied.Count == 0
            ? request
            : new CreateTopicsRequest { ValidateOnly = request.ValidateOnly, Topics = request.Topics.FindAll(topic => IsAllowed(topic.Name, context)) };
        MetadataAnswer<CreateTopicsResponse> answer = await _metadata.CreateTopicsAsync(allowed, capReplicationFactor: false, cancellationToken);
        CreateTopicsResponse response = answer.Response ?? Refuse(allowed.Topics, answer.Error);
        response.Topics.AddRange(Refuse(denied, ErrorCode.TopicAuthorizationFailed).Topics);
        return response;
    }

    /// <inheritdoc/>
    protected override CreateTopicsResponse? FailAll(CreateTopicsRequest request, ErrorCode error, RequestContext context) =>
        Refuse(request.Topics, error);

    private static bool IsAllowed(string topic, RequestContext context) =>
        context.IsAuthorized(AclOperation.Create, ResourceType.Cluster, ApiAuthorization.ClusterName)
        || context.IsAuthorized(AclOperation.Create, ResourceType.Topic, topic);

    private static CreateTopicsResponse Refuse(List<CreateTopicsRequest.CreatableTopic> topics, ErrorCode error) => new()
    {
        Topics = topics.ConvertAll(topic => new CreateTopicsResponse.CreatableTopicResult { Name = topic.Name, ErrorCode = error }),
    };
}
