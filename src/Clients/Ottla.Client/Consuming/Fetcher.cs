using Ottla.Client.Connections;
using Ottla.Client.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Records;
using Ottla.Transport.Links;

namespace Ottla.Client.Consuming;

/// <summary>
/// Fetches ahead of the reader: one request per leader for all its partitions, the next as soon as the reader has taken what the last
/// one brought. Nothing runs while there is nothing to ask. Members with a lock in their name are called under the consumer's lock.
/// </summary>
internal sealed class Fetcher(Cluster cluster, ConsumerOptions options, Lock consumerLock, Action wakeReader) : IAsyncDisposable
{
    /// <summary>From this version on topics go by their ids (KIP-516).</summary>
    private const short FirstVersionWithTopicIds = 13;

    private readonly BrokerLane _lane = cluster.OpenLane();
    private readonly CancellationTokenSource _stopping = new();

    // Guarded by the consumer's lock.
    private readonly Dictionary<BrokerId, FetchTarget> _targets = [];
    private readonly Queue<(FetchTarget Target, FetchedChunk Chunk)> _chunks = new();
    private readonly HashSet<Task> _fetches = [];
    private KafkaException? _failure;

    /// <summary>The next chunk that is not stale, or null.</summary>
    /// <exception cref="KafkaException">A partition cannot be read, and no retry will change that.</exception>
    public FetchedChunk? TakeLocked()
    {
        if (_failure is { } failure)
        {
            _failure = null;
            throw failure;
        }

        while (_chunks.TryDequeue(out (FetchTarget Target, FetchedChunk Chunk) next))
        {
            next.Target.QueuedChunks--;
            if (!next.Chunk.IsStale && !next.Chunk.State.IsPaused)
            {
                return next.Chunk;
            }

            if (next.Chunk.State.IsPaused && !next.Chunk.IsStale)
            {
                next.Chunk.State.FetchPosition = next.Chunk.State.Position; // read again when it goes on
            }

            next.Chunk.Frame.Release();
        }

        return null;
    }

    /// <summary>Sends what can be asked now. Returns how long to wait before asking again may help, infinite where an answer will tell.</summary>
    public TimeSpan PumpLocked(IReadOnlyCollection<PartitionFetchState> assigned)
    {
        TimeSpan wait = Timeout.InfiniteTimeSpan;
        long now = cluster.TimeProvider.GetTimestamp();
        var questions = new Dictionary<BrokerId, List<FetchQuestion>>();
        foreach (PartitionFetchState state in assigned)
        {
            if (state.IsPaused || state.FetchPosition == PartitionFetchState.Unknown)
            {
                continue;
            }

            if (state.NotBefore > now)
            {
                wait = Shorter(wait, cluster.TimeProvider.GetElapsedTime(now, state.NotBefore));
                continue;
            }

            if (ToQuestion(state) is not { } question)
            {
                state.NotBefore = After(cluster.Options.RetryBackoff);
                wait = Shorter(wait, cluster.Options.RetryBackoff);
                RefreshLater(state.Partition.Topic);
                continue;
            }

            (questions.TryGetValue(question.Leader, out List<FetchQuestion>? list) ? list : questions[question.Leader] = []).Add(question.Question);
        }

        foreach ((BrokerId broker, List<FetchQuestion> list) in questions)
        {
            StartLocked(broker, list);
        }

        return wait;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _lane.DisposeAsync().ConfigureAwait(false);
        Task[] fetches;
        lock (consumerLock)
        {
            fetches = [.. _fetches];
        }

        await Task.WhenAll(fetches).ConfigureAwait(false);
        lock (consumerLock)
        {
            while (_chunks.TryDequeue(out (FetchTarget Target, FetchedChunk Chunk) left))
            {
                left.Chunk.Frame.Release();
            }
        }

        _stopping.Dispose();
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one == Timeout.InfiniteTimeSpan || other < one ? other : one;

    private (BrokerId Leader, FetchQuestion Question)? ToQuestion(PartitionFetchState state)
    {
        ClusterMetadata metadata = cluster.Metadata.Current;
        if (metadata.FindLeader(state.Partition) is not { } leader || metadata.FindPartition(state.Partition) is not { } partition)
        {
            return null;
        }

        TopicId topicId = metadata.FindTopic(state.Partition.Topic)?.Id ?? TopicId.None;
        return (leader.Id, new FetchQuestion(state, state.Version, state.FetchPosition, partition.LeaderEpoch, topicId));
    }

    private void StartLocked(BrokerId broker, List<FetchQuestion> questions)
    {
        if (!_targets.TryGetValue(broker, out FetchTarget? target))
        {
            target = new FetchTarget(broker);
            _targets[broker] = target;
        }

        if (target.IsUnderWay || target.QueuedChunks > 0 || _stopping.IsCancellationRequested)
        {
            return;
        }

        target.IsUnderWay = true;
        Task fetch = FetchAsync(target, questions);
        if (!fetch.IsCompleted)
        {
            _fetches.Add(fetch);
        }

        _fetches.RemoveWhere(static task => task.IsCompleted);
    }

    private async Task FetchAsync(FetchTarget target, List<FetchQuestion> questions)
    {
        // The caller holds the consumer's lock, which must not be held while a request is put together.
        await Task.Yield();
        try
        {
            BrokerConnection broker = await cluster.BrokerAsync(target.Broker, _lane, _stopping.Token).ConfigureAwait(false);
            short version = broker.VersionOf<FetchRequest>();
            if (version >= FirstVersionWithTopicIds && questions.Exists(question => question.TopicId == TopicId.None))
            {
                version = broker.VersionOf<FetchRequest>(FirstVersionWithTopicIds - 1);
            }

            LinkResponse<FetchResponse> response = await broker
                .CallAsync<FetchRequest, FetchResponse>(
                    ToRequest(questions, version), version, cluster.Options.RequestTimeout + options.FetchMaximumWait, _stopping.Token)
                .ConfigureAwait(false);
            Take(target, questions, response, broker.Address.ToString());
        }
        catch (KafkaException failure)
        {
            TakeFailure(target, questions, failure);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            Finish(target); // the consumer is being closed
        }

        wakeReader();
    }

    private FetchRequest ToRequest(List<FetchQuestion> questions, short version)
    {
        var request = new FetchRequest
        {
            MaxWaitMs = (int)options.FetchMaximumWait.TotalMilliseconds,
            MinBytes = options.FetchMinimumBytes,
            MaxBytes = options.FetchMaximumBytes,
        };
        foreach (IGrouping<string, FetchQuestion> group in questions.GroupBy(question => question.State.Partition.Topic, StringComparer.Ordinal))
        {
            var topic = new FetchRequest.FetchTopic();
            if (version >= FirstVersionWithTopicIds)
            {
                topic.TopicId = group.First().TopicId.Value;
            }
            else
            {
                topic.Topic = group.Key;
            }

            foreach (FetchQuestion question in group)
            {
                topic.Partitions.Add(new FetchRequest.FetchPartition
                {
                    Partition = question.State.Partition.Partition.Value,
                    CurrentLeaderEpoch = question.LeaderEpoch.Value,
                    FetchOffset = question.Offset,
                    PartitionMaxBytes = options.MaximumPartitionFetchBytes,
                });
            }

            request.Topics.Add(topic);
        }

        return request;
    }

    private void Take(FetchTarget target, List<FetchQuestion> questions, LinkResponse<FetchResponse> response, string broker)
    {
        if (response.Message.ErrorCode != ErrorCode.None)
        {
            ErrorCode error = response.Message.ErrorCode;
            response.Dispose();
            throw KafkaException.Of(error, ApiKey.Fetch, broker);
        }

        List<(FetchQuestion Question, FetchResponse.PartitionData Data)> answers = Match(questions, response.Message);
        int withRecords = answers.Count(answer => HasRecords(answer.Data));
        PooledBuffer? buffer = response.TakeFrame();
        if (withRecords == 0)
        {
            buffer?.Dispose();
            buffer = null;
        }

        var frame = new FetchedFrame(buffer, withRecords);
        lock (consumerLock)
        {
            target.IsUnderWay = false;
            foreach ((FetchQuestion question, FetchResponse.PartitionData data) in answers)
            {
                TakePartitionLocked(target, question, data, frame, broker);
            }
        }
    }

    private static bool HasRecords(FetchResponse.PartitionData data) => data.ErrorCode == ErrorCode.None && data.Records is { Length: > 0 };

    private static List<(FetchQuestion Question, FetchResponse.PartitionData Data)> Match(List<FetchQuestion> questions, FetchResponse response)
    {
        var answers = new List<(FetchQuestion Question, FetchResponse.PartitionData Data)>(questions.Count);
        foreach (FetchResponse.FetchableTopicResponse topic in response.Responses)
        {
            foreach (FetchResponse.PartitionData data in topic.Partitions)
            {
                FetchQuestion? question = questions.Find(candidate => candidate.State.Partition.Partition.Value == data.PartitionIndex
                    && (topic.TopicId == Guid.Empty ? candidate.State.Partition.Topic == topic.Topic : candidate.TopicId.Value == topic.TopicId));
                if (question is not null)
                {
                    answers.Add((question, data));
                }
            }
        }

        return answers;
    }

    private void TakePartitionLocked(FetchTarget target, FetchQuestion question, FetchResponse.PartitionData data, FetchedFrame frame, string broker)
    {
        PartitionFetchState state = question.State;
        bool hasRecords = HasRecords(data);
        if (state.Version != question.Version || state.IsPaused)
        {
            if (hasRecords)
            {
                frame.Release();
            }

            return;
        }

        if (data.ErrorCode != ErrorCode.None)
        {
            TakeErrorLocked(state, data.ErrorCode, broker);
            return;
        }

        state.FailedFetches = 0;
        state.HighWatermark = data.HighWatermark;
        if (hasRecords && data.Records is { } records)
        {
            state.FetchPosition = NextOffset(records, state.FetchPosition);
            target.QueuedChunks++;
            _chunks.Enqueue((target, new FetchedChunk(state, question.Version, records, frame)));
        }
    }

    private static long NextOffset(ReadOnlyMemory<byte> records, long position)
    {
        var batches = new RecordBatchEnumerator(records);
        while (batches.MoveNext())
        {
            position = Math.Max(position, batches.Header.NextOffset);
        }

        return position;
    }

    private void TakeErrorLocked(PartitionFetchState state, ErrorCode error, string broker)
    {
        if (error == ErrorCode.OffsetOutOfRange && options.AutoOffsetReset != AutoOffsetReset.None)
        {
            state.MoveToTime(null);
            return;
        }

        if (!error.IsRetriable())
        {
            _failure ??= KafkaException.Of(error, ApiKey.Fetch, broker, $"partition {state.Partition} at offset {state.FetchPosition}");
        }

        state.NotBefore = After(cluster.Backoff.Delay(state.FailedFetches++));
        if (error.InvalidatesMetadata() || error is ErrorCode.UnknownLeaderEpoch)
        {
            RefreshLater(state.Partition.Topic);
        }
    }

    private void TakeFailure(FetchTarget target, List<FetchQuestion> questions, KafkaException failure)
    {
        ClientLog.Retrying(cluster.Logger, 1, 0, failure.Message);
        lock (consumerLock)
        {
            target.IsUnderWay = false;
            foreach (FetchQuestion question in questions)
            {
                question.State.NotBefore = After(cluster.Backoff.Delay(question.State.FailedFetches++));
            }

            if (!failure.IsRetriable)
            {
                _failure ??= failure;
            }

            RefreshLater(questions[0].State.Partition.Topic);
        }
    }

    private void Finish(FetchTarget target)
    {
        lock (consumerLock)
        {
            target.IsUnderWay = false;
        }
    }

    private void RefreshLater(string topic)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        Task refresh = RefreshAsync(topic);
        if (!refresh.IsCompleted)
        {
            _fetches.Add(refresh);
        }
    }

    private async Task RefreshAsync(string topic)
    {
        await Task.Yield();
        try
        {
            await cluster.Metadata.LookUpAsync([topic], _stopping.Token).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            ClientLog.Retrying(cluster.Logger, 1, 0, exception.Message);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return; // the consumer is being closed
        }

        wakeReader();
    }

    private long After(TimeSpan delay) =>
        cluster.TimeProvider.GetTimestamp() + (long)(delay.TotalSeconds * cluster.TimeProvider.TimestampFrequency);
}
