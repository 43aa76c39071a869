using Ottla.Client.Connections;
using Ottla.Client.Metadata;
using Ottla.Client.Offsets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Client.Administration;

/// <summary>Topics, their partitions and offsets. Thread-safe.</summary>
public sealed class TopicAdmin
{
    private const short FirstDeleteVersionWithStates = 6;

    private readonly AdminCaller _caller;
    private readonly OffsetLookup _offsets;

    internal TopicAdmin(AdminCaller caller)
    {
        _caller = caller;
        _offsets = new OffsetLookup(caller.Cluster);
    }

    /// <summary>All topics, in order of their names.</summary>
    public async ValueTask<IReadOnlyList<TopicMetadata>> ListAsync(CancellationToken cancellationToken = default)
    {
        ClusterMetadata metadata = await _caller
            .RetryAsync(token => _caller.Cluster.Metadata.RefreshAllAsync(token), cancellationToken)
            .ConfigureAwait(false);
        return [.. metadata.Topics.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal)];
    }

    /// <summary>One topic. It is not created by being asked for.</summary>
    /// <exception cref="KafkaException"><see cref="ErrorCode.UnknownTopicOrPartition"/>, at once: the topic does not exist.</exception>
    public async ValueTask<TopicMetadata> DescribeAsync(string topic, CancellationToken cancellationToken = default)
    {
        MetadataAnswer answer = await _caller.RetryAsync(
            async token =>
            {
                MetadataAnswer found = await _caller.Cluster.Metadata.LookUpAsync([topic], token).ConfigureAwait(false);
                if (found.TopicErrors.GetValueOrDefault(topic) == ErrorCode.LeaderNotAvailable)
                {
                    found.Topic(topic); // throws what is tried again
                }

                return found;
            },
            cancellationToken).ConfigureAwait(false);
        return answer.Topic(topic);
    }

    /// <summary>Creates a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="validateOnly">Whether only to find out what would happen.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public ValueTask<CreatedTopic> CreateAsync(NewTopic topic, bool validateOnly = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return _caller.AtControllerAsync(
            (broker, token) =>
            {
                CreateTopicsRequest request = ToRequest(topic, validateOnly, broker);
                return AdminCaller.SendAsync<CreateTopicsRequest, CreateTopicsResponse, CreatedTopic>(
                    broker, request, response => ReadCreated(response, broker, topic), token);
            },
            cancellationToken);
    }

    /// <summary>Deletes a topic and all its records.</summary>
    public async ValueTask DeleteAsync(string topic, CancellationToken cancellationToken = default)
    {
        await _caller.AtControllerAsync(
            (broker, token) =>
            {
                var request = new DeleteTopicsRequest { TimeoutMs = _caller.TimeoutMilliseconds };
                if (broker.VersionOf<DeleteTopicsRequest>() >= FirstDeleteVersionWithStates)
                {
                    request.Topics.Add(new DeleteTopicsRequest.DeleteTopicState { Name = topic });
                }
                else
                {
                    request.TopicNames.Add(topic);
                }

                return AdminCaller.SendAsync<DeleteTopicsRequest, DeleteTopicsResponse, bool>(
                    broker,
                    request,
                    response =>
                    {
                        foreach (DeleteTopicsResponse.DeletableTopicResult result in response.Responses)
                        {
                            AdminCaller.ThrowIfError(result.ErrorCode, ApiKey.DeleteTopics, broker, result.ErrorMessage ?? $"topic {topic}");
                        }

                        return true;
                    },
                    token);
            },
            cancellationToken).ConfigureAwait(false);
        _caller.Cluster.Metadata.Invalidate(topic);
    }

    /// <summary>Raises a topic's number of partitions. Keys may land in other partitions from then on.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="totalCount">How many there shall be in all.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public async ValueTask AddPartitionsAsync(string topic, int totalCount, CancellationToken cancellationToken = default)
    {
        var request = new CreatePartitionsRequest
        {
            Topics = [new CreatePartitionsRequest.CreatePartitionsTopic { Name = topic, Count = totalCount, Assignments = null }],
            TimeoutMs = _caller.TimeoutMilliseconds,
        };
        await _caller.AtControllerAsync(
            (broker, token) => AdminCaller.SendAsync<CreatePartitionsRequest, CreatePartitionsResponse, bool>(
                broker,
                request,
                response =>
                {
                    foreach (CreatePartitionsResponse.CreatePartitionsTopicResult result in response.Results)
                    {
                        AdminCaller.ThrowIfError(result.ErrorCode, ApiKey.CreatePartitions, broker, result.ErrorMessage ?? $"topic {topic}");
                    }

                    return true;
                },
                token),
            cancellationToken).ConfigureAwait(false);
        _caller.Cluster.Metadata.Invalidate(topic);
    }

    /// <summary>The offsets of the first records at or after the given times, see <see cref="OffsetTime"/>.</summary>
    public ValueTask<IReadOnlyList<FoundOffset>> FindOffsetsAsync(
        IEnumerable<(TopicPartition Partition, long Time)> questions, CancellationToken cancellationToken = default) =>
        _offsets.FindAsync([.. questions], cancellationToken);

    /// <summary>Deletes the records before an offset; the broker drops their bytes when a whole segment is free.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="beforeOffset">The first offset to keep, or -1 to delete all.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The first offset that is left.</returns>
    public async ValueTask<long> DeleteRecordsAsync(TopicPartition partition, long beforeOffset, CancellationToken cancellationToken = default)
    {
        await DescribeAsync(partition.Topic, cancellationToken).ConfigureAwait(false);
        PartitionMetadata metadata = _caller.Cluster.Metadata.Current.FindPartition(partition)
            ?? throw KafkaException.Of(ErrorCode.UnknownTopicOrPartition, ApiKey.DeleteRecords, null, $"partition {partition}");
        var request = new DeleteRecordsRequest
        {
            Topics =
            [
                new DeleteRecordsRequest.DeleteRecordsTopic
                {
                    Name = partition.Topic,
                    Partitions = [new DeleteRecordsRequest.DeleteRecordsPartition { PartitionIndex = partition.Partition.Value, Offset = beforeOffset }],
                },
            ],
            TimeoutMs = _caller.TimeoutMilliseconds,
        };
        return await _caller.AtBrokerAsync(
            metadata.Leader,
            (broker, token) => AdminCaller.SendAsync<DeleteRecordsRequest, DeleteRecordsResponse, long>(
                broker, request, response => ReadLowWatermark(response, broker, partition), token),
            cancellationToken).ConfigureAwait(false);
    }

    private static long ReadLowWatermark(DeleteRecordsResponse response, BrokerConnection broker, TopicPartition partition)
    {
        foreach (DeleteRecordsResponse.DeleteRecordsPartitionResult result in response.Topics.SelectMany(topic => topic.Partitions))
        {
            AdminCaller.ThrowIfError(result.ErrorCode, ApiKey.DeleteRecords, broker, $"partition {partition}");
            return result.LowWatermark;
        }

        throw KafkaException.Of(ErrorCode.UnknownServerError, ApiKey.DeleteRecords, broker.Address.ToString(), "the answer leaves the partition out");
    }

    private CreateTopicsRequest ToRequest(NewTopic topic, bool validateOnly, BrokerConnection broker)
    {
        if (validateOnly && broker.VersionOf<CreateTopicsRequest>() < 1)
        {
            throw KafkaException.Of(ErrorCode.UnsupportedVersion, ApiKey.CreateTopics, broker.Address.ToString(), "the broker cannot only validate");
        }

        return new CreateTopicsRequest
        {
            Topics =
            [
                new CreateTopicsRequest.CreatableTopic
                {
                    Name = topic.Name,
                    NumPartitions = topic.PartitionCount,
                    ReplicationFactor = topic.ReplicationFactor,
                    Configs = topic.Configs
                        .Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Key, Value = config.Value })
                        .ToList(),
                },
            ],
            TimeoutMs = _caller.TimeoutMilliseconds,
            ValidateOnly = validateOnly,
        };
    }

    private CreatedTopic ReadCreated(CreateTopicsResponse response, BrokerConnection broker, NewTopic asked)
    {
        CreateTopicsResponse.CreatableTopicResult result = response.Topics.Find(topic => topic.Name == asked.Name)
            ?? throw KafkaException.Of(ErrorCode.UnknownServerError, ApiKey.CreateTopics, broker.Address.ToString(), "the answer leaves the topic out");
        AdminCaller.ThrowIfError(result.ErrorCode, ApiKey.CreateTopics, broker, result.ErrorMessage ?? $"topic {asked.Name}");
        _caller.Cluster.Metadata.Invalidate(asked.Name);
        return new CreatedTopic(result.Name, new TopicId(result.TopicId), result.NumPartitions, result.ReplicationFactor);
    }
}
