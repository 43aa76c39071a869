using Ottla.Client.Connections;
using Ottla.Client.Groups;
using Ottla.Client.Groups.Assignment;
using Ottla.Client.Offsets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Client.Administration;

/// <summary>Consumer groups and their offsets. Thread-safe.</summary>
public sealed class GroupAdmin
{
    private readonly AdminCaller _caller;

    internal GroupAdmin(AdminCaller caller) => _caller = caller;

    /// <summary>All groups of all brokers, in order of their ids.</summary>
    public async ValueTask<IReadOnlyList<ListedGroup>> ListAsync(CancellationToken cancellationToken = default)
    {
        await _caller.RetryAsync(token => _caller.Cluster.Metadata.RefreshAsync([], token), cancellationToken).ConfigureAwait(false);
        var groups = new List<ListedGroup>();
        foreach (int broker in _caller.Cluster.Metadata.Current.Brokers.Keys)
        {
            groups.AddRange(await _caller.AtBrokerAsync(new BrokerId(broker), ListAtAsync, cancellationToken).ConfigureAwait(false));
        }

        groups.Sort(static (left, right) => string.CompareOrdinal(left.GroupId, right.GroupId));
        return groups;
    }

    /// <summary>One group.</summary>
    /// <exception cref="KafkaException"><see cref="ErrorCode.GroupIdNotFound"/>: there is no such group.</exception>
    public ValueTask<GroupDescription> DescribeAsync(string groupId, CancellationToken cancellationToken = default) =>
        AtCoordinatorAsync(
            groupId,
            (broker, token) => AdminCaller.SendAsync<DescribeGroupsRequest, DescribeGroupsResponse, GroupDescription>(
                broker, new DescribeGroupsRequest { Groups = [groupId] }, response => Read(response, broker, groupId), token),
            cancellationToken);

    /// <summary>What a group has committed; empty for a group that does not exist.</summary>
    public ValueTask<IReadOnlyList<CommittedOffset>> OffsetsAsync(string groupId, CancellationToken cancellationToken = default) =>
        OffsetsOf(groupId).FetchAsync(null, cancellationToken);

    /// <summary>Sets a group's offsets. The group must have no members that read these topics.</summary>
    public async ValueTask AlterOffsetsAsync(
        string groupId, IReadOnlyCollection<CommittedOffset> offsets, CancellationToken cancellationToken = default)
    {
        GroupOffsets group = OffsetsOf(groupId);
        await _caller.RetryAsync(
            async token =>
            {
                await group.CommitAsync(offsets, GroupMemberIdentity.Outsider, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a group without members, offsets and all.</summary>
    public async ValueTask DeleteAsync(string groupId, CancellationToken cancellationToken = default) =>
        await AtCoordinatorAsync(
            groupId,
            (broker, token) => AdminCaller.SendAsync<DeleteGroupsRequest, DeleteGroupsResponse, bool>(
                broker,
                new DeleteGroupsRequest { GroupsNames = [groupId] },
                response =>
                {
                    foreach (DeleteGroupsResponse.DeletableGroupResult result in response.Results)
                    {
                        AdminCaller.ThrowIfError(result.ErrorCode, ApiKey.DeleteGroups, broker, result.ErrorMessage ?? $"group {groupId}");
                    }

                    return true;
                },
                token),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes committed offsets of a topic. The group must not read it now.</summary>
    public async ValueTask DeleteOffsetsAsync(
        string groupId, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken = default)
    {
        var request = new OffsetDeleteRequest
        {
            GroupId = groupId,
            Topics = partitions
                .GroupBy(partition => partition.Topic, StringComparer.Ordinal)
                .Select(topic => new OffsetDeleteRequest.OffsetDeleteRequestTopic
                {
                    Name = topic.Key,
                    Partitions = topic
                        .Select(partition => new OffsetDeleteRequest.OffsetDeleteRequestPartition { PartitionIndex = partition.Partition.Value })
                        .ToList(),
                })
                .ToList(),
        };
        await AtCoordinatorAsync(
            groupId,
            (broker, token) => AdminCaller.SendAsync<OffsetDeleteRequest, OffsetDeleteResponse, bool>(
                broker, request, response => ReadDeleted(response, broker, groupId), token),
            cancellationToken).ConfigureAwait(false);
    }

    private static bool ReadDeleted(OffsetDeleteResponse response, BrokerConnection broker, string groupId)
    {
        AdminCaller.ThrowIfError(response.ErrorCode, ApiKey.OffsetDelete, broker, $"group {groupId}");
        foreach (OffsetDeleteResponse.OffsetDeleteResponseTopic topic in response.Topics)
        {
            foreach (OffsetDeleteResponse.OffsetDeleteResponsePartition partition in topic.Partitions)
            {
                AdminCaller.ThrowIfError(partition.ErrorCode, ApiKey.OffsetDelete, broker, $"{topic.Name}-{partition.PartitionIndex}");
            }
        }

        return true;
    }

    private ValueTask<List<ListedGroup>> ListAtAsync(BrokerConnection broker, CancellationToken cancellationToken) =>
        AdminCaller.SendAsync<ListGroupsRequest, ListGroupsResponse, List<ListedGroup>>(
            broker,
            new ListGroupsRequest(),
            response =>
            {
                AdminCaller.ThrowIfError(response.ErrorCode, ApiKey.ListGroups, broker, null);
                return response.Groups
                    .Select(group => new ListedGroup(group.GroupId, group.ProtocolType, group.GroupState, group.GroupType))
                    .ToList();
            },
            cancellationToken);

    private static GroupDescription Read(DescribeGroupsResponse response, BrokerConnection broker, string groupId)
    {
        DescribeGroupsResponse.DescribedGroup group = response.Groups.Find(candidate => candidate.GroupId == groupId)
            ?? throw KafkaException.Of(ErrorCode.UnknownServerError, ApiKey.DescribeGroups, broker.Address.ToString(), "the answer leaves the group out");
        AdminCaller.ThrowIfError(group.ErrorCode, ApiKey.DescribeGroups, broker, group.ErrorMessage ?? $"group {groupId}");
        if (group.GroupState == "Dead")
        {
            // Up to version 5 this is how a broker says that it does not know the group (KIP-1043).
            throw KafkaException.Of(ErrorCode.GroupIdNotFound, ApiKey.DescribeGroups, broker.Address.ToString(), $"group {groupId}");
        }

        bool isConsumerGroup = group.ProtocolType == "consumer";
        return new GroupDescription(
            group.GroupId,
            group.GroupState,
            group.ProtocolType,
            group.ProtocolData,
            broker.Address,
            group.Members
                .Select(member => new GroupMemberDescription(
                    member.MemberId,
                    member.GroupInstanceId,
                    member.ClientId,
                    member.ClientHost,
                    isConsumerGroup && ConsumerProtocol.TryReadAssignment(member.MemberAssignment, out List<TopicPartition> partitions) ? partitions : []))
                .ToList());
    }

    private CoordinatorFinder CoordinatorOf(string groupId) => new(_caller.Cluster, groupId, _caller.Cluster.SharedLane);

    private GroupOffsets OffsetsOf(string groupId) => new(_caller.Cluster, groupId, CoordinatorOf(groupId));

    private ValueTask<T> AtCoordinatorAsync<T>(
        string groupId, Func<BrokerConnection, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        CoordinatorFinder coordinator = CoordinatorOf(groupId);
        return _caller.RetryAsync(
            async token =>
            {
                try
                {
                    return await call(await coordinator.ConnectAsync(token).ConfigureAwait(false), token).ConfigureAwait(false);
                }
                catch (KafkaException failure)
                {
                    coordinator.ForgetIfMoved(failure.Error);
                    throw;
                }
            },
            cancellationToken);
    }
}
