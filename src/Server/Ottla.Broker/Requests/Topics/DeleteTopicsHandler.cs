// DeleteTopics 0-6.
// 0; 1 adds the throttle time; 2 changes nothing; 3 knows TOPIC_DELETION_DISABLED; 4 is flexible; 5 adds error messages; 6 takes topic ids.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, TOPIC_DELETION_DISABLED (INVALID_REQUEST below version 3), INVALID_REQUEST,
// TOPIC_AUTHORIZATION_FAILED; KAFKA_STORAGE_ERROR when the metadata log failed.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Topics;

/// <summary>Deletes topics, by name or by id.</summary>
internal sealed class DeleteTopicsHandler : RequestHandler<DeleteTopicsRequest, DeleteTopicsResponse>
{
    private readonly MetadataHost _metadata;

    /// <param name="metadata">The controller's host.</param>
    public DeleteTopicsHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Delete);

    /// <inheritdoc/>
    public override async ValueTask<DeleteTopicsResponse?> HandleAsync(
        DeleteTopicsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        List<DeleteTopicsRequest.DeleteTopicState> topics = Topics(request, context);
        List<DeleteTopicsRequest.DeleteTopicState> denied = topics.FindAll(topic => !IsAllowed(topic, context));
        DeleteTopicsRequest allowed = new() { Topics = topics.FindAll(topic => IsAllowed(topic, context)) };
        MetadataAnswer<DeleteTopicsResponse> answer = await _metadata.SubmitAsync<DeleteTopicsResponse>(
            token => new ControllerCommand.DeleteTopics(token, allowed), cancellationToken);
        DeleteTopicsResponse response = answer.Response ?? Refuse(allowed.Topics, answer.Error);
        response.Responses.AddRange(Refuse(denied, ErrorCode.TopicAuthorizationFailed).Responses);
        foreach (DeleteTopicsResponse.DeletableTopicResult result in response.Responses)
        {
            if (context.ApiVersion < 3 && result.ErrorCode == ErrorCode.TopicDeletionDisabled)
            {
                result.ErrorCode = ErrorCode.InvalidRequest;
            }
        }

        return response;
    }

    /// <inheritdoc/>
    protected override DeleteTopicsResponse? FailAll(DeleteTopicsRequest request, ErrorCode error, RequestContext context) =>
        Refuse(Topics(request, context), error);

    private static List<DeleteTopicsRequest.DeleteTopicState> Topics(DeleteTopicsRequest request, RequestContext context) => context.ApiVersion >= 6
        ? request.Topics
        : request.TopicNames.ConvertAll(static name => new DeleteTopicsRequest.DeleteTopicState { Name = name });

    private bool IsAllowed(DeleteTopicsRequest.DeleteTopicState topic, RequestContext context)
    {
        string? name = topic.Name;
        if (name is null && _metadata.Current.Topics.TryFind(new TopicId(topic.TopicId), out TopicImage? found))
        {
            name = found.Name;
        }

        return name is null || context.IsAuthorized(AclOperation.Delete, ResourceType.Topic, name);
    }

    private static DeleteTopicsResponse Refuse(List<DeleteTopicsRequest.DeleteTopicState> topics, ErrorCode error) => new()
    {
        Responses = topics.ConvertAll(topic => new DeleteTopicsResponse.DeletableTopicResult
        {
            Name = topic.Name,
            TopicId = topic.TopicId,
            ErrorCode = error,
        }),
    };
}
