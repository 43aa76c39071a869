using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ottla.Coordination.Hosts;
using Ottla.Core;
using Ottla.Core.Groups;
using Ottla.Core.Groups.Administration;
using Ottla.Core.Groups.Classic;
using Ottla.Core.Groups.Offsets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using GroupHost = Ottla.Coordination.Hosts.CoordinatorHost<
    Ottla.Core.Groups.GroupCommand,
    Ottla.Core.Groups.GroupRecord,
    Ottla.Core.Groups.GroupEvent,
    Ottla.Protocol.IMessage,
    Ottla.Core.Groups.GroupTimer>;

namespace Ottla.Coordination.Groups;

/// <summary>
/// The groups whose partition of <c>__consumer_offsets</c> this broker leads. A group belongs to the partition of its hash; for one
/// that another broker leads the answer is NOT_COORDINATOR. Thread-safe. Every method answers with a response message, whatever happens.
/// </summary>
public sealed class GroupCoordinator(GroupCoordinatorOptions options, Func<Guid> newMemberUuid, TimeProvider time, ILoggerFactory loggerFactory)
    : IAsyncDisposable
{
    private readonly ILogger _logger = loggerFactory.CreateLogger<GroupCoordinator>();
    private readonly ConcurrentDictionary<int, GroupHost> _hosts = [];
    private int _partitionCount;

    /// <summary>How many partitions the offsets topic has; 0 before it exists.</summary>
    public int PartitionCount
    {
        get => Volatile.Read(ref _partitionCount);
        set => Volatile.Write(ref _partitionCount, value);
    }

    /// <summary>Begins to serve the groups of a partition that this broker now leads.</summary>
    public void Lead(PartitionId partition, ICoordinatorLog log)
    {
        var parts = new CoordinatorHostParts<GroupCommand, GroupRecord, GroupEvent, IMessage, GroupTimer>
        {
            Partition = new TopicPartition(OffsetsTopic.Name, partition),
            Machine = new GroupStateMachine(options.Groups),
            Log = log,
            Format = new GroupRecords(),
            LoadedCommand = new CoordinatorLoadedCommand(),
            TimerFired = static timer => new TimerFiredCommand(timer),
        };
        var host = new GroupHost(parts, options.Host, time, _logger);
        if (!_hosts.TryAdd(partition.Value, host))
        {
            throw new InvalidOperationException($"Partition {partition.Value} of {OffsetsTopic.Name} is already led.");
        }

        host.Start();
    }

    /// <summary>Completes when no partition that is led now is loading any more.</summary>
    public Task WhenLoadedAsync() => Task.WhenAll(_hosts.Values.Select(static host => host.Loaded));

    /// <summary>Stops serving the groups of a partition; who waits is told to look for the new coordinator.</summary>
    public async ValueTask ResignAsync(PartitionId partition)
    {
        if (_hosts.TryRemove(partition.Value, out GroupHost? host))
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>Forgets what groups committed for topics that are gone.</summary>
    public void ForgetTopics(IReadOnlyCollection<string> topics)
    {
        foreach (GroupHost host in _hosts.Values)
        {
            if (!host.TryPost(new TopicsDeletedCommand(topics)))
            {
                _logger.DeletedTopicsNotForgotten(host.Partition, topics.Count);
            }
        }
    }

    /// <summary>
    /// Lets a member join (JoinGroup). Answered when the next generation stands, or with the exception of a wait that is given up; the
    /// member joins all the same.
    /// </summary>
    public async ValueTask<JoinGroupResponse> JoinGroupAsync(
        JoinGroupRequest request, short apiVersion, GroupClient client, CancellationToken cancellationToken)
    {
        // Who gives up gives the memory of the request back, and the mailbox may not have come to it yet.
        foreach (JoinGroupRequest.JoinGroupRequestProtocol protocol in request.Protocols)
        {
            protocol.Metadata = protocol.Metadata.ToArray();
        }

        CoordinatorAnswer<IMessage> answer = await AskAsync(
            request.GroupId, token => new JoinGroupCommand(token, request, apiVersion, client, newMemberUuid())).WaitAsync(cancellationToken);
        return (JoinGroupResponse?)answer.Reply ?? new JoinGroupResponse { ErrorCode = MapWriteError(answer.Error), ProtocolName = "" };
    }

    /// <summary>
    /// Hands out assignments (SyncGroup). Followers are answered when the leader has assigned, or with the exception of a wait that is
    /// given up.
    /// </summary>
    public async ValueTask<SyncGroupResponse> SyncGroupAsync(SyncGroupRequest request, CancellationToken cancellationToken)
    {
        // As in a join.
        foreach (SyncGroupRequest.SyncGroupRequestAssignment assignment in request.Assignments)
        {
            assignment.Assignment = assignment.Assignment.ToArray();
        }

        CoordinatorAnswer<IMessage> answer =
            await AskAsync(request.GroupId, token => new SyncGroupCommand(token, request)).WaitAsync(cancellationToken);
        return (SyncGroupResponse?)answer.Reply ?? new SyncGroupResponse { ErrorCode = MapWriteError(answer.Error) };
    }

    /// <summary>Notes that a member is alive (Heartbeat).</summary>
    public async ValueTask<HeartbeatResponse> HeartbeatAsync(HeartbeatRequest request)
    {
        CoordinatorAnswer<IMessage> answer = await AskAsync(request.GroupId, token => new HeartbeatCommand(token, request));

        // While the group loads nobody's session can end, so the member is told that all is well, as Kafka does.
        ErrorCode error = answer.Error == ErrorCode.CoordinatorLoadInProgress ? ErrorCode.None : answer.Error;
        return (HeartbeatResponse?)answer.Reply ?? new HeartbeatResponse { ErrorCode = error };
    }

    /// <summary>Lets members go (LeaveGroup). They are all in <see cref="LeaveGroupRequest.Members"/>.</summary>
    public async ValueTask<LeaveGroupResponse> LeaveGroupAsync(LeaveGroupRequest request)
    {
        CoordinatorAnswer<IMessage> answer = await AskAsync(request.GroupId, token => new LeaveGroupCommand(token, request));
        return (LeaveGroupResponse?)answer.Reply ?? new LeaveGroupResponse { ErrorCode = MapWriteError(answer.Error) };
    }

    /// <summary>Commits offsets (OffsetCommit) of topics that exist, by name.</summary>
    public async ValueTask<OffsetCommitResponse> CommitOffsetsAsync(OffsetCommitRequest request, short apiVersion)
    {
        CoordinatorAnswer<IMessage> answer = await AskAsync(request.GroupId, token => new CommitOffsetsCommand(token, request, apiVersion));
        ErrorCode error = answer.Error == ErrorCode.MessageTooLarge ? ErrorCode.InvalidCommitOffsetSize : answer.Error;
        return (OffsetCommitResponse?)answer.Reply ?? OffsetCommitAnswers.FailAll(request, error);
    }

    /// <summary>Reads the committed offsets of one group (OffsetFetch).</summary>
    public async ValueTask<OffsetFetchResponse.OffsetFetchResponseGroup> FetchOffsetsAsync(OffsetFetchRequest.OffsetFetchRequestGroup group)
    {
        CoordinatorAnswer<IMessage> answer = await AskAsync(group.GroupId, token => new FetchOffsetsCommand(token, group));
        return ((OffsetFetchResponse?)answer.Reply)?.Groups[0]
            ?? new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = group.GroupId, ErrorCode = answer.Error };
    }

    /// <summary>Deletes committed offsets (OffsetDelete) of topics that exist.</summary>
    public async ValueTask<OffsetDeleteResponse> DeleteOffsetsAsync(OffsetDeleteRequest request)
    {
        CoordinatorAnswer<IMessage> answer = await AskAsync(request.GroupId, token => new DeleteOffsetsCommand(token, request));
        return (OffsetDeleteResponse?)answer.Reply ?? new OffsetDeleteResponse { ErrorCode = MapWriteError(answer.Error) };
    }

    /// <summary>Lists the groups of this broker (ListGroups). While one partition loads the whole list would lack groups, so it is refused.</summary>
    public async ValueTask<ListGroupsResponse> ListGroupsAsync(ListGroupsRequest request)
    {
        Task<CoordinatorAnswer<IMessage>>[] asked =
            [.. _hosts.Values.Select(host => host.SubmitAsync(token => new ListGroupsCommand(token, request)))];
        var response = new ListGroupsResponse();
        foreach (CoordinatorAnswer<IMessage> answer in await Task.WhenAll(asked))
        {
            if (answer.Reply is ListGroupsResponse part)
            {
                response.Groups.AddRange(part.Groups);
            }
            else if (answer.Error != ErrorCode.NotCoordinator)
            {
                return new ListGroupsResponse { ErrorCode = answer.Error };
            }
        }

        return response;
    }

    /// <summary>Describes one group (DescribeGroups).</summary>
    public async ValueTask<DescribeGroupsResponse.DescribedGroup> DescribeGroupAsync(string groupId, short apiVersion)
    {
        CoordinatorAnswer<IMessage> answer = await AskAsync(groupId, token => new DescribeGroupsCommand(token, [groupId], apiVersion));
        return ((DescribeGroupsResponse?)answer.Reply)?.Groups[0]
            ?? new DescribeGroupsResponse.DescribedGroup { GroupId = groupId, ErrorCode = answer.Error };
    }

    /// <summary>Deletes one group with its offsets (DeleteGroups).</summary>
    public async ValueTask<DeleteGroupsResponse.DeletableGroupResult> DeleteGroupAsync(string groupId)
    {
        CoordinatorAnswer<IMessage> answer = await AskAsync(groupId, token => new DeleteGroupsCommand(token, [groupId]));
        return ((DeleteGroupsResponse?)answer.Reply)?.Results[0]
            ?? new DeleteGroupsResponse.DeletableGroupResult { GroupId = groupId, ErrorCode = MapWriteError(answer.Error) };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (int partition in _hosts.Keys)
        {
            await ResignAsync(new PartitionId(partition));
        }
    }

    private Task<CoordinatorAnswer<IMessage>> AskAsync(string groupId, Func<RequestToken, GroupCommand> create)
    {
        int partitionCount = PartitionCount;
        return partitionCount > 0 && _hosts.TryGetValue(GroupPartitioning.PartitionFor(groupId, partitionCount), out GroupHost? host)
            ? host.SubmitAsync(create)
            : Task.FromResult(new CoordinatorAnswer<IMessage>(ErrorCode.NotCoordinator, null));
    }

    /// <summary>A batch that the log finds too large is none of the client's errors: it sent no batch.</summary>
    private static ErrorCode MapWriteError(ErrorCode error) => error == ErrorCode.MessageTooLarge ? ErrorCode.UnknownServerError : error;
}
