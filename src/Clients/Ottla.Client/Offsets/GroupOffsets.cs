using Ottla.Client.Connections;
using Ottla.Client.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Offsets;

/// <summary>Reads and commits a group's offsets at its coordinator.</summary>
internal sealed class GroupOffsets(Cluster cluster, string groupId, CoordinatorFinder coordinator)
{
    private const short FirstVersionWithGroups = 8;

    /// <summary>From version 10 on topics go by ids, which a group's offsets may no longer have: 9 says all that is needed.</summary>
    private const short NewestVersionByName = 9;

    /// <summary>The committed offsets of <paramref name="partitions"/>, or of all that have one for null; those without are left out.</summary>
    public ValueTask<IReadOnlyList<CommittedOffset>> FetchAsync(
        IReadOnlyCollection<TopicPartition>? partitions, CancellationToken cancellationToken) =>
        cluster.Retrier.CallAsync(token => FetchOnceAsync(partitions, token), null, cluster.Options.CallTimeout, cancellationToken);

    /// <summary>Commits offsets once, as the member given.</summary>
    /// <exception cref="KafkaException">The first partition's error.</exception>
    public async ValueTask CommitAsync(
        IReadOnlyCollection<CommittedOffset> offsets, GroupMemberIdentity member, CancellationToken cancellationToken)
    {
        BrokerConnection broker = await coordinator.ConnectAsync(cancellationToken).ConfigureAwait(false);
        short version = broker.VersionOf<OffsetCommitRequest>(NewestVersionByName);
        OffsetCommitRequest request = ToCommit(offsets, member, version);
        using LinkResponse<OffsetCommitResponse> response = await CallAsync<OffsetCommitRequest, OffsetCommitResponse>(
            broker, request, version, cancellationToken).ConfigureAwait(false);
        foreach (OffsetCommitResponse.OffsetCommitResponseTopic topic in response.Message.Topics)
        {
            foreach (OffsetCommitResponse.OffsetCommitResponsePartition partition in topic.Partitions)
            {
                ThrowIfError(partition.ErrorCode, ApiKey.OffsetCommit, broker, $"{topic.Name}-{partition.PartitionIndex}");
            }
        }
    }

    private async ValueTask<IReadOnlyList<CommittedOffset>> FetchOnceAsync(
        IReadOnlyCollection<TopicPartition>? partitions, CancellationToken cancellationToken)
    {
        BrokerConnection broker = await coordinator.ConnectAsync(cancellationToken).ConfigureAwait(false);
        short version = broker.VersionOf<OffsetFetchRequest>(NewestVersionByName);
        OffsetFetchRequest request = version >= FirstVersionWithGroups ? ToGroupsFetch(partitions) : ToSingleFetch(partitions);
        using LinkResponse<OffsetFetchResponse> response = await CallAsync<OffsetFetchRequest, OffsetFetchResponse>(
            broker, request, version, cancellationToken).ConfigureAwait(false);
        return version >= FirstVersionWithGroups ? ReadGroups(response.Message, broker) : ReadSingle(response.Message, broker);
    }

    private async ValueTask<LinkResponse<TResponse>> CallAsync<TRequest, TResponse>(
        BrokerConnection broker, TRequest request, short version, CancellationToken cancellationToken)
        where TRequest : IApiMessage<TRequest>
        where TResponse : IApiMessage<TResponse>
    {
        try
        {
            return await broker.CallAsync<TRequest, TResponse>(request, version, cluster.Options.RequestTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            coordinator.ForgetIfMoved(failure.Error);
            throw;
        }
    }

    private OffsetFetchRequest ToGroupsFetch(IReadOnlyCollection<TopicPartition>? partitions)
    {
        var group = new OffsetFetchRequest.OffsetFetchRequestGroup
        {
            GroupId = groupId,
            Topics = partitions?.GroupBy(partition => partition.Topic, StringComparer.Ordinal)
                .Select(topic => new OffsetFetchRequest.OffsetFetchRequestTopics
                {
                    Name = topic.Key,
                    PartitionIndexes = topic.Select(partition => partition.Partition.Value).ToList(),
                })
                .ToList(),
        };
        return new OffsetFetchRequest { Groups = [group] };
    }

    private OffsetFetchRequest ToSingleFetch(IReadOnlyCollection<TopicPartition>? partitions) => new()
    {
        GroupId = groupId,
        Topics = partitions?.GroupBy(partition => partition.Topic, StringComparer.Ordinal)
            .Select(topic => new OffsetFetchRequest.OffsetFetchRequestTopic
            {
                Name = topic.Key,
                PartitionIndexes = topic.Select(partition => partition.Partition.Value).ToList(),
            })
            .ToList(),
    };

    private List<CommittedOffset> ReadGroups(OffsetFetchResponse response, BrokerConnection broker)
    {
        var offsets = new List<CommittedOffset>();
        foreach (OffsetFetchResponse.OffsetFetchResponseGroup group in response.Groups)
        {
            ThrowIfError(group.ErrorCode, ApiKey.OffsetFetch, broker, $"group {groupId}");
            foreach (OffsetFetchResponse.OffsetFetchResponseTopics topic in group.Topics)
            {
                foreach (OffsetFetchResponse.OffsetFetchResponsePartitions partition in topic.Partitions)
                {
                    ThrowIfError(partition.ErrorCode, ApiKey.OffsetFetch, broker, $"{topic.Name}-{partition.PartitionIndex}");
                    AddIfCommitted(offsets, topic.Name, partition.PartitionIndex, partition.CommittedOffset, partition.Metadata);
                }
            }
        }

        return offsets;
    }

    private List<CommittedOffset> ReadSingle(OffsetFetchResponse response, BrokerConnection broker)
    {
        var offsets = new List<CommittedOffset>();
        ThrowIfError(response.ErrorCode, ApiKey.OffsetFetch, broker, $"group {groupId}");
        foreach (OffsetFetchResponse.OffsetFetchResponseTopic topic in response.Topics)
        {
            foreach (OffsetFetchResponse.OffsetFetchResponsePartition partition in topic.Partitions)
            {
                ThrowIfError(partition.ErrorCode, ApiKey.OffsetFetch, broker, $"{topic.Name}-{partition.PartitionIndex}");
                AddIfCommitted(offsets, topic.Name, partition.PartitionIndex, partition.CommittedOffset, partition.Metadata);
            }
        }

        return offsets;
    }

    private static void AddIfCommitted(List<CommittedOffset> offsets, string topic, int partition, long offset, string? metadata)
    {
        if (offset >= 0)
        {
            offsets.Add(new CommittedOffset(new TopicPartition(topic, new PartitionId(partition)), offset, metadata ?? string.Empty));
        }
    }

    private OffsetCommitRequest ToCommit(IReadOnlyCollection<CommittedOffset> offsets, GroupMemberIdentity member, short version)
    {
        var request = new OffsetCommitRequest
        {
            GroupId = groupId,
            GenerationIdOrMemberEpoch = member.GenerationId,
            MemberId = member.MemberId,
            GroupInstanceId = version >= 7 ? member.GroupInstanceId : null,
        };
        foreach (IGrouping<string, CommittedOffset> topic in offsets.GroupBy(offset => offset.Partition.Topic, StringComparer.Ordinal))
        {
            request.Topics.Add(new OffsetCommitRequest.OffsetCommitRequestTopic
            {
                Name = topic.Key,
                Partitions = topic
                    .Select(offset => new OffsetCommitRequest.OffsetCommitRequestPartition
                    {
                        PartitionIndex = offset.Partition.Partition.Value,
                        CommittedOffset = offset.Offset,
                        CommittedMetadata = offset.Metadata,
                    })
                    .ToList(),
            });
        }

        return request;
    }

    private void ThrowIfError(ErrorCode error, ApiKey api, BrokerConnection broker, string subject)
    {
        if (error != ErrorCode.None)
        {
            coordinator.ForgetIfMoved(error);
            throw KafkaException.Of(error, api, broker.Address.ToString(), subject);
        }
    }
}
