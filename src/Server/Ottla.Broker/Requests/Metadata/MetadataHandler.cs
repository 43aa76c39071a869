// Metadata 0-13.
// 0 takes an empty list for all topics; 1 takes null for that and adds controller, rack and internal topics; 2 adds the cluster id; 3
// the throttle time; 4 lets clients forbid auto-creation; 5 adds offline replicas; 6 knows LISTENER_NOT_FOUND; 7 adds the leader epoch;
// 8 the authorised operations; 9 is flexible; 10 adds topic ids to the answer; 11 drops the cluster's operations; 12 takes topic ids;
// 13 adds an error for the whole answer.
// Errors: INVALID_REQUEST for a topic without a name, or with an id in a version that does not take it; UNKNOWN_TOPIC_OR_PARTITION (also
// while a topic is created), UNKNOWN_TOPIC_ID, INVALID_TOPIC_EXCEPTION, TOPIC_AUTHORIZATION_FAILED; per partition LEADER_NOT_AVAILABLE, LISTENER_NOT_FOUND.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Metadata;

/// <summary>Tells where the brokers are and who leads which partition.</summary>
internal sealed class MetadataHandler : RequestHandler<MetadataRequest, MetadataResponse>
{
    private const short FirstVersionWithTopicIds = 12;
    private const short FirstVersionWithError = 13;

    private readonly MetadataHost _metadata;
    private readonly EffectiveConfiguration _configuration;
    private readonly TopicAutoCreation _autoCreation;

    /// <param name="metadata">What is told.</param>
    /// <param name="configuration">Says whether topics are created by asking.</param>
    /// <param name="autoCreation">Creates them.</param>
    public MetadataHandler(MetadataHost metadata, EffectiveConfiguration configuration, TopicAutoCreation autoCreation)
    {
        _metadata = metadata;
        _configuration = configuration;
        _autoCreation = autoCreation;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<MetadataResponse?> HandleAsync(MetadataRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!IsAnswerable(request, context.ApiVersion))
        {
            return new ValueTask<MetadataResponse?>(FailAll(request, ErrorCode.InvalidRequest, context));
        }

        MetadataImage image = _metadata.Current;
        MetadataResponse response = new()
        {
            ClusterId = image.ClusterId,
            ControllerId = _metadata.Log.CurrentController.Value,
        };
        foreach (BrokerImage broker in image.Brokers.Values)
        {
            if (broker.IsActive && broker.FindEndpoint(context.Listener.Value) is { } endpoint)
            {
                response.Brokers.Add(new MetadataResponse.MetadataResponseBroker
                {
                    NodeId = broker.Id.Value,
                    Host = endpoint.Host,
                    Port = endpoint.Port,
                    Rack = broker.Rack,
                });
            }
        }

        AddTopics(request, response, image, context);
        if (context.ApiVersion is >= 8 and <= 10 && request.IncludeClusterAuthorizedOperations)
        {
            response.ClusterAuthorizedOperations = AuthorizedOperations.OnCluster(context);
        }

        return new ValueTask<MetadataResponse?>(response);
    }

    /// <inheritdoc/>
    protected override MetadataResponse? FailAll(MetadataRequest request, ErrorCode error, RequestContext context)
    {
        List<MetadataRequest.MetadataRequestTopic> topics = request.Topics ?? [];
        return context.ApiVersion < FirstVersionWithError && topics.Count == 0
            ? null // an answer without an error in it would be that of an empty cluster
            : new()
            {
                ErrorCode = error,
                Topics = topics.ConvertAll(topic => TopicMetadata.Refuse(topic.Name ?? string.Empty, error, topic.TopicId)),
            };
    }

    private void AddTopics(MetadataRequest request, MetadataResponse response, MetadataImage image, RequestContext context)
    {
        bool withOperations = context.ApiVersion >= 8 && request.IncludeTopicAuthorizedOperations;
        if (request.Topics is not { } requested || (context.ApiVersion == 0 && requested.Count == 0))
        {
            foreach (TopicImage topic in image.Topics.ByName.Values)
            {
                if (context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.Name))
                {
                    response.Topics.Add(TopicMetadata.Describe(image, topic, withOperations, context));
                }
            }

            return;
        }

        HashSet<(string?, Guid)> seen = [];
        foreach (MetadataRequest.MetadataRequestTopic topic in requested.DistinctBy(static topic => (topic.Name, topic.TopicId)))
        {
            MetadataResponse.MetadataResponseTopic found = Find(request, topic, image, withOperations, context);
            if (seen.Add((found.Name, found.TopicId)))
            {
                response.Topics.Add(found);
            }
        }
    }

    /// <summary>Whether each topic is named as the version can: by its name before version 12, and then by its name or its id.</summary>
    private static bool IsAnswerable(MetadataRequest request, short version) => request.Topics is null || request.Topics.TrueForAll(
        topic => version >= FirstVersionWithTopicIds ? topic.Name is not null || topic.TopicId != Guid.Empty : topic.Name is not null && topic.TopicId == Guid.Empty);

    private MetadataResponse.MetadataResponseTopic Find(
        MetadataRequest request,
        MetadataRequest.MetadataRequestTopic topic,
        MetadataImage image,
        bool withOperations,
        RequestContext context)
    {
        if (topic.TopicId != Guid.Empty)
        {
            return image.Topics.TryFind(new TopicId(topic.TopicId), out TopicImage? byId)
                && context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, byId.Name)
                    ? TopicMetadata.Describe(image, byId, withOperations, context)
                    : TopicMetadata.Refuse(context.ApiVersion >= 12 ? null : string.Empty, ErrorCode.UnknownTopicId, topic.TopicId);
        }

        string name = topic.Name ?? string.Empty;
        if (!context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, name))
        {
            return TopicMetadata.Refuse(name, ErrorCode.TopicAuthorizationFailed);
        }

        if (image.Topics.TryFind(name, out TopicImage? byName))
        {
            return TopicMetadata.Describe(image, byName, withOperations, context);
        }

        if (TopicNames.Check(name) is not null)
        {
            return TopicMetadata.Refuse(name, ErrorCode.InvalidTopicException, withOperations, context);
        }

        if (request.AllowAutoTopicCreation
            && _configuration.Under(image).Get(TopicDefaultKeys.AutoCreateTopicsEnable)
            && context.IsAuthorized(AclOperation.Create, ResourceType.Topic, name))
        {
            _autoCreation.Begin(name);
        }

        return TopicMetadata.Refuse(name, ErrorCode.UnknownTopicOrPartition, withOperations, context);
    }
}
