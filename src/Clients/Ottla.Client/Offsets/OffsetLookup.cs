using Ottla.Client.Connections;
using Ottla.Client.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Offsets;

/// <summary>Asks the leaders of partitions for offsets by time (ListOffsets), all leaders at once, again for those that failed.</summary>
internal sealed class OffsetLookup(Cluster cluster)
{
    private const short FirstVersionWithMaxTimestamp = 7;

    /// <summary>The offset of each partition at its time, see <see cref="OffsetTime"/>.</summary>
    /// <exception cref="KafkaException">A partition does not exist, or its error did not pass in time.</exception>
    public async ValueTask<IReadOnlyList<FoundOffset>> FindAsync(
        IReadOnlyList<(TopicPartition Partition, long Time)> questions, CancellationToken cancellationToken)
    {
        var found = new List<FoundOffset>(questions.Count);
        List<(TopicPartition Partition, long Time)> open = [.. questions];
        await cluster.Retrier.CallAsync(
            async token =>
            {
                await EnsureMetadataAsync(open, token).ConfigureAwait(false);
                await AskLeadersAsync(open, found, token).ConfigureAwait(false);
                return 0;
            },
            (_, token) => RefreshAsync(open, token),
            cluster.Options.CallTimeout,
            cancellationToken).ConfigureAwait(false);
        return found;
    }

    private async ValueTask EnsureMetadataAsync(List<(TopicPartition Partition, long Time)> open, CancellationToken cancellationToken)
    {
        if (open.Exists(question => cluster.Metadata.Current.FindLeader(question.Partition) is null))
        {
            await RefreshAsync(open, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RefreshAsync(List<(TopicPartition Partition, long Time)> open, CancellationToken cancellationToken)
    {
        string[] topics = open.Select(question => question.Partition.Topic).Distinct(StringComparer.Ordinal).ToArray();
        await cluster.Metadata.LookUpAsync(topics, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Moves what was answered from <paramref name="open"/> to <paramref name="found"/>, then throws the first error, if any.</summary>
    private async ValueTask AskLeadersAsync(
        List<(TopicPartition Partition, long Time)> open, List<FoundOffset> found, CancellationToken cancellationToken)
    {
        var asked = new List<Task<ListOffsetsAnswer>>();
        foreach (IGrouping<BrokerNode, (TopicPartition Partition, long Time)> group in open.GroupBy(question => LeaderOf(question.Partition)))
        {
            asked.Add(AskAsync(group.Key, [.. group], cancellationToken));
        }

        KafkaException? failure = null;
        foreach (Task<ListOffsetsAnswer> task in asked)
        {
            ListOffsetsAnswer answer = await task.ConfigureAwait(false);
            foreach (FoundOffset offset in answer.Found)
            {
                found.Add(offset);
                open.RemoveAll(question => question.Partition == offset.Partition);
            }

            failure ??= answer.Failure;
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private BrokerNode LeaderOf(TopicPartition partition)
    {
        ClusterMetadata metadata = cluster.Metadata.Current;
        if (metadata.FindTopic(partition.Topic) is not { } topic)
        {
            throw new KafkaException(ErrorCode.UnknownTopicOrPartition, $"Topic {partition.Topic} does not exist.") { Api = ApiKey.ListOffsets };
        }

        if ((uint)partition.Partition.Value >= (uint)topic.Partitions.Count)
        {
            throw new KafkaException(
                ErrorCode.UnknownTopicOrPartition, $"Topic {topic.Name} has {topic.Partitions.Count} partitions and no partition {partition.Partition}.")
            {
                Api = ApiKey.ListOffsets,
            };
        }

        return metadata.FindLeader(partition)
            ?? throw new KafkaException(ErrorCode.LeaderNotAvailable, $"Partition {partition} has no leader.") { Api = ApiKey.ListOffsets };
    }

    private async Task<ListOffsetsAnswer> AskAsync(
        BrokerNode leader, List<(TopicPartition Partition, long Time)> questions, CancellationToken cancellationToken)
    {
        try
        {
            BrokerConnection broker = await Cluster.NodeAsync(leader.Address, cluster.SharedLane, cancellationToken).ConfigureAwait(false);
            short version = broker.VersionOf<ListOffsetsRequest>();
            if (version < FirstVersionWithMaxTimestamp && questions.Exists(question => question.Time == OffsetTime.MaxTimestamp))
            {
                throw KafkaException.Of(ErrorCode.UnsupportedVersion, ApiKey.ListOffsets, broker.Address.ToString(), "the broker cannot find the largest timestamp");
            }

            using LinkResponse<ListOffsetsResponse> response = await broker
                .CallAsync<ListOffsetsRequest, ListOffsetsResponse>(
                    ToRequest(questions, version), version, cluster.Options.RequestTimeout, cancellationToken)
                .ConfigureAwait(false);
            return Read(response.Message, broker.Address.ToString());
        }
        catch (KafkaException failure)
        {
            return new ListOffsetsAnswer([], failure);
        }
    }

    private ListOffsetsRequest ToRequest(List<(TopicPartition Partition, long Time)> questions, short version)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1 };
        foreach (IGrouping<string, (TopicPartition Partition, long Time)> group in questions.GroupBy(question => question.Partition.Topic, StringComparer.Ordinal))
        {
            var topic = new ListOffsetsRequest.ListOffsetsTopic { Name = group.Key };
            foreach ((TopicPartition partition, long time) in group)
            {
                var asked = new ListOffsetsRequest.ListOffsetsPartition { PartitionIndex = partition.Partition.Value, Timestamp = time };
                if (version >= 4)
                {
                    asked.CurrentLeaderEpoch = cluster.Metadata.Current.FindPartition(partition)?.LeaderEpoch.Value ?? -1;
                }

                topic.Partitions.Add(asked);
            }

            request.Topics.Add(topic);
        }

        return request;
    }

    private static ListOffsetsAnswer Read(ListOffsetsResponse response, string broker)
    {
        var found = new List<FoundOffset>();
        KafkaException? failure = null;
        foreach (ListOffsetsResponse.ListOffsetsTopicResponse topic in response.Topics)
        {
            foreach (ListOffsetsResponse.ListOffsetsPartitionResponse partition in topic.Partitions)
            {
                var name = new TopicPartition(topic.Name, new PartitionId(partition.PartitionIndex));
                if (partition.ErrorCode == ErrorCode.None)
                {
                    found.Add(new FoundOffset(name, partition.Offset, partition.Timestamp));
                }
                else
                {
                    failure ??= KafkaException.Of(partition.ErrorCode, ApiKey.ListOffsets, broker, $"partition {name}");
                }
            }
        }

        return new ListOffsetsAnswer(found, failure);
    }

    private readonly record struct ListOffsetsAnswer(IReadOnlyList<FoundOffset> Found, KafkaException? Failure);
}
