// CreatePartitions 0-3.
// 0; 1 throttles after the answer; 2 is flexible; 3 changes nothing.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, INVALID_PARTITIONS, INVALID_REPLICA_ASSIGNMENT, INVALID_REPLICATION_FACTOR, INVALID_REQUEST,
// POLICY_VIOLATION for too many partitions at once, TOPIC_AUTHORIZATION_FAILED; KAFKA_STORAGE_ERROR when the metadata log failed.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Topics;

/// <summary>Adds partitions to topics.</summary>
internal sealed class CreatePartitionsHandler : RequestHandler<CreatePartitionsRequest, CreatePartitionsResponse>
{
    private readonly MetadataHost _metadata;

    /// <param name="metadata">The controller's host.</param>
    public CreatePartitionsHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Alter);

    /// <inheritdoc/>
    public override async ValueTask<CreatePartitionsResponse?> HandleAsync(
        CreatePartitionsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        List<CreatePartitionsRequest.CreatePartitionsTopic> denied = request.Topics.FindAll(topic => !IsAllowed(topic.Name, context));
        CreatePartitionsRequest allowed = denied.Count == 0
            ? request
            : new CreatePartitionsRequest { ValidateOnly = request.ValidateOnly, Topics = request.Topics.FindAll(topic => IsAllowed(topic.Name, context)) };
        MetadataAnswer<CreatePartitionsResponse> answer = await _metadata.SubmitAsync<CreatePartitionsResponse>(
            token => new ControllerCommand.CreatePartitions(token, allowed), cancellationToken);
        CreatePartitionsResponse response = answer.Response ?? Refuse(allowed.Topics, answer.Error);
        response.Results.AddRange(Refuse(denied, ErrorCode.TopicAuthorizationFailed).Results);
        return response;
    }

    /// <inheritdoc/>
    protected override CreatePartitionsResponse? FailAll(CreatePartitionsRequest request, ErrorCode error, RequestContext context) =>
        Refuse(request.Topics, error);

    private static bool IsAllowed(string topic, RequestContext context) => context.IsAuthorized(AclOperation.Alter, ResourceType.Topic, topic);

    private static CreatePartitionsResponse Refuse(List<CreatePartitionsRequest.CreatePartitionsTopic> topics, ErrorCode error) => new()
    {
        Results = topics.ConvertAll(topic => new CreatePartitionsResponse.CreatePartitionsTopicResult { Name = topic.Name, ErrorCode = error }),
    };
}
