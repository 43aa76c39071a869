// DescribeProducers 0.
// 0 answers the producers with state in a partition (KIP-664).
// Errors by partition: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, INVALID_TOPIC_EXCEPTION for what is no name,
// NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Partitions;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Partitions;
using Ottla.Storage.Producers;

namespace Ottla.Broker.Requests.Producers;

/// <summary>Shows the idempotent producers that partitions know.</summary>
internal sealed class DescribeProducersHandler : RequestHandler<DescribeProducersRequest, DescribeProducersResponse>
{
    private readonly PartitionDirectory _partitions;

    public DescribeProducersHandler(PartitionDirectory partitions)
    {
        _partitions = partitions;
    }

    /// <inheritdoc/>
    public override bool MayWaitForDisk => true;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Read);

    /// <inheritdoc/>
    public override ValueTask<DescribeProducersResponse?> HandleAsync(
        DescribeProducersRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(Answer(request, (topic, partition) => Describe(topic, partition, context)));

    /// <inheritdoc/>
    protected override DescribeProducersResponse? FailAll(DescribeProducersRequest request, ErrorCode error, RequestContext context) =>
        Answer(request, (_, partition) => new DescribeProducersResponse.PartitionResponse { PartitionIndex = partition, ErrorCode = error });

    private static DescribeProducersResponse Answer(
        DescribeProducersRequest request, Func<string, int, DescribeProducersResponse.PartitionResponse> describe)
    {
        var response = new DescribeProducersResponse();
        foreach (DescribeProducersRequest.TopicRequest topic in request.Topics)
        {
            var answer = new DescribeProducersResponse.TopicResponse { Name = topic.Name };
            answer.Partitions.AddRange(topic.PartitionIndexes.Select(partition => describe(topic.Name, partition)));
            response.Topics.Add(answer);
        }

        return response;
    }

    private DescribeProducersResponse.PartitionResponse Describe(string topic, int index, RequestContext context)
    {
        var answer = new DescribeProducersResponse.PartitionResponse { PartitionIndex = index };
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic))
        {
            answer.ErrorCode = ErrorCode.TopicAuthorizationFailed;
            return answer;
        }

        if (TopicNames.Check(topic) is { } invalid)
        {
            (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.InvalidTopicException, invalid);
            return answer;
        }

        answer.ErrorCode = _partitions.Find(topic, index, out Partition? partition);
        answer.ErrorMessage = _partitions.FindTopic(topic, Guid.Empty) is null ? "This server does not host this topic-partition." : null;
        if (answer.ErrorCode == ErrorCode.None)
        {
            answer.ErrorCode = partition!.CheckLeader(LeaderEpoch.None); // found without an error
        }

        if (answer.ErrorCode == ErrorCode.None)
        {
            answer.ActiveProducers.AddRange(partition!.Log.DescribeProducers().Select(ToAnswer)); // likewise
        }

        return answer;
    }

    private static DescribeProducersResponse.ProducerState ToAnswer(ActiveProducer producer) => new()
    {
        ProducerId = producer.ProducerId.Value,
        ProducerEpoch = producer.ProducerEpoch,
        LastSequence = producer.LastSequence,
        LastTimestamp = producer.LastTimestamp,
        CoordinatorEpoch = producer.CoordinatorEpoch,
        CurrentTxnStartOffset = producer.TransactionStartOffset,
    };
}
