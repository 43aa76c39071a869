// Produce 0-13.
// 0-1 take message sets of format v0, 2 of format v1, which are converted (KIP-32); 3 takes one batch of format v2 and a transactional id
// (KIP-98); 5 answers the log start offset; 7 allows Zstandard (KIP-110); 8 names bad records (KIP-467); 9 is flexible; 10 hints at the
// leader (KIP-951); 11 and 12 are about transactions; 13 names topics by id (KIP-516).
// Errors by partition: UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, TOPIC_AUTHORIZATION_FAILED, INVALID_REQUIRED_ACKS,
// NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR, INVALID_TOPIC_EXCEPTION, INVALID_REQUEST for
// transactions, what RecordBatchValidator says of the records, and what PartitionLog says of the producer.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Partitions;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Partitions;
using Ottla.Replication.Waiting;

namespace Ottla.Broker.Requests.Produce;

/// <summary>Appends what producers send. Everything is appended in the first stage; only what waits for other replicas or the disk is the second.</summary>
internal sealed class ProduceHandler : RequestHandler<ProduceRequest, ProduceResponse>
{
    private const short FirstVersionWithTopicIds = 13;

    private readonly PartitionDirectory _partitions;
    private readonly ProducedBatches _batches;
    private readonly TimeProvider _timeProvider;

    public ProduceHandler(PartitionDirectory partitions, ProducedBatches batches, TimeProvider timeProvider)
    {
        _partitions = partitions;
        _batches = batches;
        _timeProvider = timeProvider;
    }

    /// <inheritdoc/>
    public override bool MayWaitForDisk => true;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Write);

    /// <inheritdoc/>
    public override ValueTask<ProduceResponse?> HandleAsync(
        ProduceRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var response = new ProduceResponse();
        List<AppendedBatch>? unfinished = null;
        foreach (ProduceRequest.TopicProduceData topic in request.TopicData)
        {
            TopicPartitions? known = _partitions.FindTopic(topic.Name, topic.TopicId);
            var answer = new ProduceResponse.TopicProduceResponse { Name = topic.Name, TopicId = topic.TopicId };
            response.Responses.Add(answer);
            foreach (ProduceRequest.PartitionProduceData data in topic.PartitionData)
            {
                var partitionAnswer = new ProduceResponse.PartitionProduceResponse { Index = data.Index, BaseOffset = -1 };
                answer.PartitionResponses.Add(partitionAnswer);
                if (Append(request, topic, known, data, partitionAnswer, context) is { } appended && NeedsMore(appended, request.Acks))
                {
                    (unfinished ??= []).Add(appended);
                }
            }
        }

        return unfinished is null
            ? new ValueTask<ProduceResponse?>(ProduceAnswers.Finish(request, response, _partitions, context))
            : FinishLaterAsync(request, response, unfinished, context, cancellationToken);
    }

    /// <inheritdoc/>
    protected override ProduceResponse? FailAll(ProduceRequest request, ErrorCode error, RequestContext context) =>
        ProduceAnswers.Finish(request, ProduceAnswers.FailAll(request, error), _partitions, context);

    private AppendedBatch? Append(
        ProduceRequest request,
        ProduceRequest.TopicProduceData topic,
        TopicPartitions? known,
        ProduceRequest.PartitionProduceData data,
        ProduceResponse.PartitionProduceResponse answer,
        RequestContext context)
    {
        Partition? partition = null;
        string name = known?.Name ?? topic.Name;
        if (request.TransactionalId is not null)
        {
            (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.InvalidRequest, ProducedBatches.NoTransactions);
        }
        else if (name.Length > 0 && !context.IsAuthorized(AclOperation.Write, ResourceType.Topic, name))
        {
            answer.ErrorCode = ErrorCode.TopicAuthorizationFailed;
        }
        else
        {
            answer.ErrorCode = PartitionDirectory.Find(known, context.ApiVersion >= FirstVersionWithTopicIds, data.Index, out partition);
        }

        if (answer.ErrorCode == ErrorCode.None && request.Acks is not (-1 or 0 or 1))
        {
            answer.ErrorCode = ErrorCode.InvalidRequiredAcks;
        }

        return answer.ErrorCode == ErrorCode.None && _batches.TryAppend(partition!, data.Records, request.Acks, answer, context, out AppendedBatch appended) // found
            ? appended
            : null;
    }

    private static bool NeedsMore(in AppendedBatch appended, short acks) =>
        appended.IsFlushDue || (acks == -1 && appended.Partition.HighWatermark <= appended.LastOffset);

    private async ValueTask<ProduceResponse?> FinishLaterAsync(
        ProduceRequest request,
        ProduceResponse response,
        List<AppendedBatch> unfinished,
        RequestContext context,
        CancellationToken cancellationToken)
    {
        long begin = _timeProvider.GetTimestamp();
        var timeout = TimeSpan.FromMilliseconds(Math.Max(0, request.TimeoutMs));
        foreach (AppendedBatch batch in unfinished)
        {
            ErrorCode error = batch.IsFlushDue ? await batch.Partition.Log.FlushAsync() : ErrorCode.None;
            if (error == ErrorCode.None && request.Acks == -1)
            {
                TimeSpan left = timeout - _timeProvider.GetElapsedTime(begin);
                error = await WaitingProduce.WaitAsync(
                    batch.Partition, batch.LastOffset, batch.LeaderEpoch, left < TimeSpan.Zero ? TimeSpan.Zero : left, _timeProvider, cancellationToken);
            }

            batch.Answer.ErrorCode = error;
        }

        return ProduceAnswers.Finish(request, response, _partitions, context);
    }
}
