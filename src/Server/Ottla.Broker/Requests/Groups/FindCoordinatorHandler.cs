// FindCoordinator 0-6.
// 0 finds the coordinator of a group; 1 takes a key type and says why not (KIP-98); 2 changes nothing; 3 is flexible; 4 takes many keys
// (KIP-699); 5 is about transactions; 6 knows share groups (KIP-932).
// Errors: GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID, COORDINATOR_NOT_AVAILABLE while the offsets topic has no leader or does not exist
// (it is then created), TRANSACTIONAL_ID_AUTHORIZATION_FAILED for transactions, INVALID_REQUEST for share groups and unknown key types.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Metadata;
using Ottla.Broker.Requests.Partitions;
using Ottla.Coordination.Groups;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Groups;

/// <summary>Tells which broker coordinates a group: the leader of its partition of the offsets topic.</summary>
internal sealed class FindCoordinatorHandler : RequestHandler<FindCoordinatorRequest, FindCoordinatorResponse>
{
    /// <summary>What Kafka says before version 4 when nothing is wrong.</summary>
    private const string NoError = "NONE";

    private const string UnknownKeyType =
        "This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. "
        + "See the broker logs for more details.";

    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;
    private const short FirstVersionWithManyKeys = 4;

    private readonly PartitionDirectory _partitions;
    private readonly TopicAutoCreation _autoCreation;

    public FindCoordinatorHandler(PartitionDirectory partitions, TopicAutoCreation autoCreation)
    {
        _partitions = partitions;
        _autoCreation = autoCreation;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Group, AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<FindCoordinatorResponse?> HandleAsync(
        FindCoordinatorRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(Answer(request, context, key => Find(key, request.KeyType, context)));

    /// <inheritdoc/>
    protected override FindCoordinatorResponse? FailAll(FindCoordinatorRequest request, ErrorCode error, RequestContext context) =>
        Answer(request, context, key => Failed(key, error, null));

    private static FindCoordinatorResponse Answer(
        FindCoordinatorRequest request, RequestContext context, Func<string, FindCoordinatorResponse.Coordinator> find)
    {
        if (context.ApiVersion >= FirstVersionWithManyKeys)
        {
            return new FindCoordinatorResponse { Coordinators = request.CoordinatorKeys.ConvertAll(key => find(key)) };
        }

        FindCoordinatorResponse.Coordinator found = find(request.Key);
        return new FindCoordinatorResponse
        {
            ErrorCode = found.ErrorCode,
            ErrorMessage = found.ErrorCode == ErrorCode.None ? NoError : found.ErrorMessage,
            NodeId = found.NodeId,
            Host = found.Host,
            Port = found.Port,
        };
    }

    private FindCoordinatorResponse.Coordinator Find(string key, sbyte keyType, RequestContext context)
    {
        if (keyType == TransactionKey)
        {
            // The one error that librdkafka takes as final here: it tries again at any other, INVALID_REQUEST among them, until its own
            // time is up, and the user waits for a minute to be told.
            return Failed(key, ErrorCode.TransactionalIdAuthorizationFailed, "Transactions are not supported by this broker.");
        }

        if (keyType != GroupKey)
        {
            return Failed(key, ErrorCode.InvalidRequest, UnknownKeyType);
        }

        if (!context.IsAuthorized(AclOperation.Describe, ResourceType.Group, key))
        {
            return Failed(key, ErrorCode.GroupAuthorizationFailed, null);
        }

        if (!_partitions.Metadata.Topics.TryFind(TopicNames.ConsumerOffsets, out TopicImage? topic))
        {
            _autoCreation.Begin(TopicNames.ConsumerOffsets);
            return Failed(key, ErrorCode.CoordinatorNotAvailable, "The offsets topic is being created.");
        }

        BrokerId leader = topic.Partitions[GroupPartitioning.PartitionFor(key, topic.Partitions.Length)].Leader;
        return _partitions.FindBroker(leader, context.Listener) is var (endpoint, _)
            ? new FindCoordinatorResponse.Coordinator { Key = key, NodeId = leader.Value, Host = endpoint.Host, Port = endpoint.Port }
            : Failed(key, ErrorCode.CoordinatorNotAvailable, "The group's partition of the offsets topic has no leader.");
    }

    private static FindCoordinatorResponse.Coordinator Failed(string key, ErrorCode error, string? message) =>
        new() { Key = key, ErrorCode = error, ErrorMessage = message, NodeId = -1, Host = string.Empty, Port = -1 };
}
