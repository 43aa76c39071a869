// Fetch 0-18.
// 0-1 are answered in message format v0, 2-3 in v1, converted (KIP-32); 3 adds max_bytes (KIP-74); 4 takes batches of format v2 and an
// isolation level (KIP-98); 5 the log start offset; 7 fetch sessions (KIP-227); 9 the leader epoch (KIP-320); 10 Zstandard (KIP-110);
// 11 a rack (KIP-392); 12 is flexible and tells diverging epochs (KIP-595); 13 names topics by id (KIP-516); 15 moves the replica into a
// tagged field (KIP-903); 16 hints at the leader (KIP-951); 17 and 18 are about replicas.
// Errors of the whole: FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR, INCONSISTENT_CLUSTER_ID;
// INVALID_REQUEST for an isolation level that does not exist.
// By partition: UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, TOPIC_AUTHORIZATION_FAILED, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH,
// UNKNOWN_LEADER_EPOCH, OFFSET_OUT_OF_RANGE, KAFKA_STORAGE_ERROR, CORRUPT_MESSAGE, UNSUPPORTED_COMPRESSION_TYPE, UNSUPPORTED_VERSION,
// INVALID_REQUEST for a limit below 0; NOT_LEADER_OR_FOLLOWER also for a replica, because nobody follows this broker.

using Ottla.Broker.Authorization;
using Ottla.Broker.Metrics;
using Ottla.Broker.Requests.Partitions;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Waiting;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>Reads committed records for consumers, and lets those that find too few wait for more without costing anything.</summary>
internal sealed class FetchHandler : RequestHandler<FetchRequest, FetchResponse>
{
    private readonly FetchParts _parts;

    public FetchHandler(FetchParts parts)
    {
        _parts = parts;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Read);

    /// <inheritdoc/>
    public override async ValueTask<FetchResponse?> HandleAsync(
        FetchRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (request.ClusterId is { } clusterId && clusterId != _parts.Partitions.Metadata.ClusterId)
        {
            return new FetchResponse { ErrorCode = ErrorCode.InconsistentClusterId };
        }

        if (!IsolationLevels.Exists(request.IsolationLevel))
        {
            return FailAll(request, ErrorCode.InvalidRequest, context);
        }

        FetchPlan plan = FetchPlan.For(request, context.ApiVersion, _parts.Sessions);
        if (plan.Error != ErrorCode.None)
        {
            return new FetchResponse { ErrorCode = plan.Error };
        }

        FetchReading reading = await ReadEnoughAsync(plan, request, context, cancellationToken);
        reading.ReleaseAfterResponse(context);
        return ToResponse(plan, reading, context);
    }

    /// <inheritdoc/>
    protected override FetchResponse? FailAll(FetchRequest request, ErrorCode error, RequestContext context)
    {
        var response = new FetchResponse { ErrorCode = error };
        if (context.ApiVersion >= FetchPlan.FirstVersionWithTopicIds)
        {
            // From here on clients look at the error of the whole.
            return response;
        }

        foreach (FetchRequest.FetchTopic topic in request.Topics)
        {
            var answer = new FetchResponse.FetchableTopicResponse { Topic = topic.Topic, TopicId = topic.TopicId };
            answer.Partitions.AddRange(topic.Partitions.Select(partition => new FetchResponse.PartitionData
            {
                PartitionIndex = partition.Partition,
                ErrorCode = error,
                HighWatermark = -1,
                Records = ReadOnlyMemory<byte>.Empty,
            }));
            response.Responses.Add(answer);
        }

        return response;
    }

    private async ValueTask<FetchReading> ReadEnoughAsync(
        FetchPlan plan, FetchRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        int maxBytes = Math.Min(request.MaxBytes, _parts.MaxResponseBytes);
        long waitMilliseconds = Math.Min(request.MaxWaitMs, context.DeadlineMilliseconds);
        bool isTimeUp = false;
        while (true)
        {
            _parts.Metrics.FetchRead();
            FetchReading reading = await _parts.Reader.ReadAsync(plan.Targets, request, maxBytes, context, cancellationToken);
            TimeSpan left = TimeSpan.FromMilliseconds(waitMilliseconds) - _parts.TimeProvider.GetElapsedTime(context.ReceivedTimestamp);
            isTimeUp |= left <= TimeSpan.Zero || plan.Targets.Count == 0 || _parts.IsStopping();
            if (reading.HasNews || reading.RecordBytes >= request.MinBytes || isTimeUp)
            {
                return reading;
            }

            // What was read is given back: it is too little to send, and by the time there is enough it is read again in one piece.
            reading.Dispose();
            isTimeUp = !await WaitingFetch.WaitAsync(
                reading.ToWaitFor(), request.MinBytes - reading.RecordBytes, reading.IsOutdated, left, _parts.TimeProvider, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private FetchResponse ToResponse(FetchPlan plan, FetchReading reading, RequestContext context)
    {
        var response = new FetchResponse { SessionId = plan.Session?.Id ?? 0 };
        FetchResponse.FetchableTopicResponse? topic = null;
        foreach (FetchedPartition fetched in reading.Partitions)
        {
            FetchTarget target = fetched.Target;
            int bytes = fetched.Data.Records?.Length ?? 0;
            Count(fetched, bytes);
            if (!target.Tell(fetched.Data) && plan.IsIncremental)
            {
                continue;
            }

            if (bytes > 0)
            {
                plan.Session?.MoveToEnd(target);
            }

            if (topic is null || topic.Topic != target.Topic || topic.TopicId != target.TopicId)
            {
                topic = new FetchResponse.FetchableTopicResponse { Topic = target.Topic, TopicId = target.TopicId };
                response.Responses.Add(topic);
            }

            topic.Partitions.Add(fetched.Data);
            FetchLeaderHints.Complete(response, fetched, _parts.Partitions, context);
        }

        return response;
    }

    private void Count(in FetchedPartition fetched, int bytes)
    {
        if (fetched.Partition is { } partition && (bytes > 0 || fetched.Data.ErrorCode != ErrorCode.None))
        {
            TopicCounters counters = _parts.Metrics.Topic(partition.TopicPartition.Topic);
            if (fetched.Data.ErrorCode == ErrorCode.None)
            {
                counters.Fetched(bytes);
            }
            else
            {
                counters.FetchFailed();
            }
        }
    }
}
