using System.Net.Sockets;
using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Requests.Groups;

/// <summary>The group APIs over a socket, in every version: what clients of all ages see of a group.</summary>
public sealed class GroupRequestTests
{
    private const string Group = "billing";

    [Fact]
    public async Task Every_version_finds_the_coordinator_of_a_group()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        for (short version = 0; version <= 6; version++)
        {
            FindCoordinatorResponse response = await scenario.FindCoordinatorAsync(0, Group, version);

            (ErrorCode Error, int Node, int Port) found = version < 4
                ? (response.ErrorCode, response.NodeId, response.Port)
                : (response.Coordinators[0].ErrorCode, response.Coordinators[0].NodeId, response.Coordinators[0].Port);
            Assert.Equal((ErrorCode.None, 1, scenario.Port), found);
        }
    }

    /// <summary>The rebalance may go on for as long as its members say; a connection that is gone must not be kept open for it.</summary>
    [Fact]
    public async Task A_client_that_goes_away_while_it_waits_for_a_rebalance_leaves_no_connection_behind()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        JoinGroupResponse first = await scenario.JoinAsync(Group, 3);
        TestClient waiting = await scenario.Broker.ConnectAsync();
        await waiting.SendAsync(
            new JoinGroupRequest
            {
                GroupId = Group,
                SessionTimeoutMs = 10_000,
                RebalanceTimeoutMs = int.MaxValue,
                ProtocolType = "consumer",
                Protocols = [new() { Name = "range", Metadata = "me"u8.ToArray() }],
            },
            3);
        while (await scenario.HeartbeatAsync(Group, first, first.GenerationId, 4) != ErrorCode.RebalanceInProgress)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        await waiting.DisposeAsync();

        // Sooner than the first member's session ends, which would answer the join.
        Assert.True(SpinWait.SpinUntil(() => scenario.Broker.Broker.OpenConnections == 1, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_commit_is_on_the_disk_before_its_answer_where_the_offsets_topic_asks_for_it()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        await scenario.Broker.CreateTopicAsync("t");
        var request = new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = 2, ResourceName = "__consumer_offsets", Configs = [new() { Name = "flush.messages", Value = "1" }] }],
        };
        IncrementalAlterConfigsResponse altered = await scenario.Client.AskAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(request, 1);
        Assert.Equal(ErrorCode.None, Assert.Single(altered.Responses).ErrorCode);

        OffsetCommitResponse committed = await scenario.CommitAsync(8, new OffsetCommitRequest.OffsetCommitRequestTopic
        {
            Name = "t",
            Partitions = [new() { PartitionIndex = 0, CommittedOffset = 1, CommittedMetadata = "" }],
        });

        Assert.Equal(ErrorCode.None, Assert.Single(Assert.Single(committed.Topics).Partitions).ErrorCode);
        Assert.Equal((1L, 1L), (
            scenario.Broker.Broker.Storage.Partitions.FindTopic("__consumer_offsets")!.Partitions.Max(static partition => partition.Log.LogEndOffset), // made at the start
            scenario.Broker.Broker.Storage.Partitions.FindTopic("__consumer_offsets")!.Partitions.Max(static partition => partition.Log.RecoveryPoint))); // likewise
    }

    [Theory]
    [InlineData(1, ErrorCode.TransactionalIdAuthorizationFailed)]
    [InlineData(2, ErrorCode.InvalidRequest)]
    [InlineData(9, ErrorCode.InvalidRequest)]
    public async Task There_are_coordinators_of_groups_only_and_the_answer_says_so(sbyte type, ErrorCode error)
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();

        FindCoordinatorResponse.Coordinator found = Assert.Single((await scenario.FindCoordinatorAsync(type, "t", 6)).Coordinators);

        Assert.Equal(error, found.ErrorCode);
        Assert.NotEmpty(found.ErrorMessage ?? string.Empty);
    }

    [Fact]
    public async Task A_lone_member_joins_syncs_heartbeats_and_leaves_in_every_version()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        for (short version = 0; version <= 9; version++)
        {
            string group = $"group-{version}";
            JoinGroupResponse joined = await scenario.JoinAsync(group, version);

            Assert.Equal((ErrorCode.None, joined.MemberId, "range"), (joined.ErrorCode, joined.Leader, joined.ProtocolName));
            Assert.Equal("me"u8.ToArray(), Assert.Single(joined.Members).Metadata.ToArray());
            SyncGroupResponse synced = await scenario.SyncAsync(group, joined, (short)Math.Min((int)version, 5));
            Assert.Equal((ErrorCode.None, "mine"), (synced.ErrorCode, System.Text.Encoding.UTF8.GetString(synced.Assignment.Span)));
            Assert.Equal(ErrorCode.None, await scenario.HeartbeatAsync(group, joined, joined.GenerationId, (short)Math.Min((int)version, 4)));
            Assert.Equal(ErrorCode.IllegalGeneration, await scenario.HeartbeatAsync(group, joined, joined.GenerationId + 1, 4));
            Assert.Equal(ErrorCode.None, await scenario.LeaveAsync(group, joined.MemberId, (short)Math.Min((int)version, 5)));
            Assert.Equal(ErrorCode.UnknownMemberId, await scenario.LeaveAsync(group, joined.MemberId, (short)Math.Min((int)version, 5)));
        }
    }

    [Fact]
    public async Task Offsets_are_committed_and_fetched_in_every_version()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        Guid id = await scenario.Broker.CreateTopicAsync("orders", 2);
        for (short version = 0; version <= 10; version++)
        {
            OffsetCommitResponse committed = await scenario.CommitAsync(version, new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "orders", TopicId = id, Partitions = [new() { PartitionIndex = 1, CommittedOffset = 100 + version, CommittedMetadata = "here" }] });
            Assert.Equal(ErrorCode.None, Assert.Single(Assert.Single(committed.Topics).Partitions).ErrorCode);

            (ErrorCode Error, long Offset, string? Metadata) fetched = await scenario.FetchOffsetAsync("orders", id, 1, version);
            Assert.Equal((ErrorCode.None, 100 + version, "here"), fetched);
            Assert.Equal((ErrorCode.None, -1, ""), await scenario.FetchOffsetAsync("orders", id, 0, version));
        }
    }

    [Fact]
    public async Task A_commit_for_an_unknown_topic_is_refused_for_that_topic_alone()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        await scenario.Broker.CreateTopicAsync("orders");

        OffsetCommitResponse response = await scenario.CommitAsync(
            8,
            new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "orders", Partitions = [new() { PartitionIndex = 0, CommittedOffset = 5 }, new() { PartitionIndex = 7, CommittedOffset = 5 }] },
            new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "nowhere", Partitions = [new() { PartitionIndex = 0, CommittedOffset = 5 }] });

        Assert.Equal(["nowhere", "orders"], response.Topics.Select(topic => topic.Name).Order());
        Dictionary<(string, int), ErrorCode> errors = response.Topics
            .SelectMany(topic => topic.Partitions.Select(partition => (topic.Name, partition.PartitionIndex, partition.ErrorCode)))
            .ToDictionary(one => (one.Name, one.PartitionIndex), one => one.ErrorCode);
        Assert.Equal(
            [(("nowhere", 0), ErrorCode.UnknownTopicOrPartition), (("orders", 0), ErrorCode.None), (("orders", 7), ErrorCode.UnknownTopicOrPartition)],
            errors.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public async Task Offsets_of_partitions_that_are_not_there_are_not_deleted()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        await scenario.Broker.CreateTopicAsync("orders");
        await scenario.CommitAsync(8, new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "orders", Partitions = [new() { PartitionIndex = 0, CommittedOffset = 5 }] });
        var request = new OffsetDeleteRequest { GroupId = Group, Topics = [new() { Name = "orders", Partitions = [new() { PartitionIndex = 0 }, new() { PartitionIndex = 7 }] }] };

        OffsetDeleteResponse response = await scenario.Client.AskAsync<OffsetDeleteRequest, OffsetDeleteResponse>(request, 0);

        Assert.Equal(
            [(0, ErrorCode.None), (7, ErrorCode.UnknownTopicOrPartition)],
            Assert.Single(response.Topics).Partitions.Select(partition => (partition.PartitionIndex, partition.ErrorCode)));
    }

    [Fact]
    public async Task Groups_are_listed_and_described_in_every_version()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        await scenario.JoinAsync(Group, 5);
        for (short version = 0; version <= 5; version++)
        {
            ListGroupsResponse.ListedGroup listed = Assert.Single(
                (await scenario.Client.AskAsync<ListGroupsRequest, ListGroupsResponse>(new ListGroupsRequest(), version)).Groups);
            Assert.Equal((Group, "consumer"), (listed.GroupId, listed.ProtocolType));
        }

        for (short version = 0; version <= 6; version++)
        {
            DescribeGroupsResponse response = await scenario.Client.AskAsync<DescribeGroupsRequest, DescribeGroupsResponse>(
                new DescribeGroupsRequest { Groups = [Group, "nobody"] }, version);
            Assert.Equal(("CompletingRebalance", 1), (response.Groups[0].GroupState, response.Groups[0].Members.Count));
            Assert.Equal(("Dead", version < 6 ? ErrorCode.None : ErrorCode.GroupIdNotFound), (response.Groups[1].GroupState, response.Groups[1].ErrorCode));
        }
    }

    [Fact]
    public async Task A_group_with_members_is_not_deleted_and_an_empty_one_goes_with_its_offsets()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        Guid id = await scenario.Broker.CreateTopicAsync("orders");
        JoinGroupResponse joined = await scenario.JoinAsync(Group, 5);
        Assert.Equal(ErrorCode.NonEmptyGroup, await scenario.DeleteAsync(Group, 2));
        await scenario.LeaveAsync(Group, joined.MemberId, 5);
        await scenario.CommitAsync(8, new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "orders", Partitions = [new() { CommittedOffset = 5 }] });

        Assert.Equal(ErrorCode.None, await scenario.DeleteAsync(Group, 0));
        Assert.Equal(ErrorCode.GroupIdNotFound, await scenario.DeleteAsync(Group, 1));
        Assert.Equal((ErrorCode.None, -1, ""), await scenario.FetchOffsetAsync("orders", id, 0, 7));
    }

    [Fact]
    public async Task Committed_offsets_are_deleted_one_by_one()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        Guid id = await scenario.Broker.CreateTopicAsync("orders", 2);
        await scenario.CommitAsync(8, new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "orders", Partitions = [new() { PartitionIndex = 0, CommittedOffset = 5 }, new() { PartitionIndex = 1, CommittedOffset = 6 }] });

        OffsetDeleteResponse response = await scenario.Client.AskAsync<OffsetDeleteRequest, OffsetDeleteResponse>(
            new OffsetDeleteRequest { GroupId = Group, Topics = [new() { Name = "orders", Partitions = [new() { PartitionIndex = 0 }] }] }, 0);

        Assert.Equal((ErrorCode.None, ErrorCode.None), (response.ErrorCode, response.Topics[0].Partitions[0].ErrorCode));
        Assert.Equal(-1, (await scenario.FetchOffsetAsync("orders", id, 0, 7)).Offset);
        Assert.Equal(6, (await scenario.FetchOffsetAsync("orders", id, 1, 7)).Offset);
    }

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync();
        Guid id = await scenario.Broker.CreateTopicAsync("orders");
        await scenario.CommitAsync(8, new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "orders", Partitions = [new() { CommittedOffset = 42 }] });

        await scenario.RestartAsync();

        Assert.Equal(42, (await scenario.FetchOffsetAsync("orders", id, 0, 8)).Offset);
    }

    [Fact]
    public async Task A_listener_is_reached_at_the_address_it_was_given_and_at_no_other()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        SocketException refused = await Assert.ThrowsAsync<SocketException>(
            async () => await socket.ConnectAsync(System.Net.IPAddress.Parse("127.0.0.2"), scenario.EndPoint.Port, TestContext.Current.CancellationToken));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }
}
