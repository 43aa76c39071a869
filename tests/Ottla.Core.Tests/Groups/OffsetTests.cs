using Ottla.Core.Groups;
using Ottla.Core.Groups.Administration;
using Ottla.Core.Groups.Classic;
using Ottla.Core.Groups.Offsets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Tests.Groups;

public sealed class OffsetTests
{
    private const long Week = 7L * 24 * 60 * 60 * 1_000;
    private readonly GroupScenario _scenario = new();

    [Fact]
    public void A_consumer_that_assigns_itself_commits_without_a_group()
    {
        Assert.Equal(ErrorCode.None, _scenario.Commit(5, groupId: "simple"));
        Assert.Equal(5, _scenario.Fetch("simple"));
        Assert.Equal(5, _scenario.Replay().FindOffset("simple", "t", 0)?.Offset);
    }

    [Fact]
    public void An_administrator_may_commit_while_the_group_is_empty_and_not_while_it_has_members()
    {
        string[] members = _scenario.FormGroup(1);
        Assert.Equal(ErrorCode.UnknownMemberId, _scenario.Commit(5));
        _scenario.Leave((members[0], null));
        Assert.Equal(ErrorCode.None, _scenario.Commit(5));
    }

    [Fact]
    public void A_member_commits_in_its_generation_only()
    {
        string[] members = _scenario.FormGroup(1);
        Assert.Equal(ErrorCode.None, _scenario.Commit(1, members[0], 1));
        Assert.Equal(ErrorCode.IllegalGeneration, _scenario.Commit(2, members[0], 0));
        Assert.Equal(ErrorCode.IllegalGeneration, _scenario.Commit(2, members[0], -1));
        Assert.Equal(ErrorCode.UnknownMemberId, _scenario.Commit(2, "stranger", 1));
        Assert.Equal(ErrorCode.UnknownMemberId, _scenario.Commit(2, members[0], 1, "unknown-instance"));
        Assert.Equal(1, _scenario.Fetch());
    }

    [Fact]
    public void A_member_that_has_not_got_its_assignment_cannot_commit()
    {
        string[] members = _scenario.FormGroup(1);
        _scenario.SendJoin(members[0]);
        Assert.Equal(ErrorCode.RebalanceInProgress, _scenario.Commit(2, members[0], 2));
    }

    [Fact]
    public void A_member_commits_what_it_has_read_before_it_rejoins()
    {
        string[] members = _scenario.FormGroup(2);
        _scenario.SendJoin(members[0]);
        Assert.Equal(ClassicGroupState.PreparingRebalance, _scenario.Group.State);
        Assert.Equal(ErrorCode.None, _scenario.Commit(3, members[1], 1));
    }

    [Theory]
    [InlineData((short)8, ErrorCode.IllegalGeneration)]
    [InlineData((short)9, ErrorCode.GroupIdNotFound)]
    public void A_generation_of_a_group_that_does_not_exist_is_refused(short version, ErrorCode expected) =>
        Assert.Equal(expected, _scenario.Commit(1, "m", 3, version: version, groupId: "nobody"));

    [Fact]
    public void Metadata_above_the_limit_is_refused_for_that_partition()
    {
        Assert.Equal(ErrorCode.None, _scenario.Commit(1, metadata: new string('x', 4_096)));
        Assert.Equal(ErrorCode.OffsetMetadataTooLarge, _scenario.Commit(2, metadata: new string('x', 4_097)));
        Assert.Equal(1, _scenario.Fetch());
    }

    [Fact]
    public void A_commit_keeps_the_session_alive()
    {
        string[] members = _scenario.FormGroup(1);
        for (int i = 0; i < 5; i++)
        {
            _scenario.Advance(9_000);
            Assert.Equal(ErrorCode.None, _scenario.Commit(i, members[0], 1));
        }
    }

    [Fact]
    public void A_group_or_partition_without_a_commit_has_no_offset()
    {
        Assert.Equal(-1, _scenario.Fetch("nobody"));
        RequestToken token = _scenario.NextToken();
        _scenario.Submit(new FetchOffsetsCommand(token, new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = "nobody", Topics = null }));
        Assert.Empty(_scenario.Answer<OffsetFetchResponse>(token).Groups[0].Topics);
    }

    [Fact]
    public void All_offsets_of_a_group_are_fetched_by_asking_for_no_topics()
    {
        _scenario.Commit(4, groupId: "simple");
        RequestToken token = _scenario.NextToken();
        _scenario.Submit(new FetchOffsetsCommand(token, new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = "simple", Topics = null }));
        OffsetFetchResponse.OffsetFetchResponseTopics topic = Assert.Single(_scenario.Answer<OffsetFetchResponse>(token).Groups[0].Topics);
        Assert.Equal(("t", 4), (topic.Name, topic.Partitions[0].CommittedOffset));
    }

    [Fact]
    public void Offsets_of_a_group_without_members_expire_a_retention_after_it_became_empty()
    {
        string[] members = _scenario.FormGroup(1);
        _scenario.Commit(1, members[0], 1);
        _scenario.Leave((members[0], null));
        _scenario.Advance(Week - 1_200_000);
        Assert.Equal(1, _scenario.Fetch());
        _scenario.Advance(1_800_000);
        Assert.Equal(-1, _scenario.Fetch());
        Assert.Empty(_scenario.Machine.Groups);
        Assert.Empty(_scenario.Replay().Groups);
    }

    [Fact]
    public void Offsets_of_a_consumer_that_assigns_itself_expire_a_retention_after_the_commit()
    {
        _scenario.Commit(1, groupId: "simple");
        _scenario.Advance(Week - 1_200_000);
        Assert.Equal(1, _scenario.Fetch("simple"));
        _scenario.Advance(1_800_000);
        Assert.Equal(-1, _scenario.Fetch("simple"));
    }

    [Fact]
    public void A_retention_that_the_client_gave_goes_before_that_of_the_broker()
    {
        var request = new OffsetCommitRequest
        {
            GroupId = "simple",
            RetentionTimeMs = 60_000,
            Topics = [new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "t", Partitions = [new OffsetCommitRequest.OffsetCommitRequestPartition { CommittedOffset = 8 }] }],
        };
        _scenario.Submit(new CommitOffsetsCommand(_scenario.NextToken(), request, 2));
        Assert.Equal(8, _scenario.Fetch("simple"));
        _scenario.Advance(601_000);
        Assert.Equal(-1, _scenario.Fetch("simple"));
    }

    [Fact]
    public void Many_expired_offsets_are_removed_by_several_decisions()
    {
        var scenario = new GroupScenario(new GroupOptions { MaxTombstonesPerDecision = 10 });
        for (int i = 0; i < 95; i++)
        {
            scenario.Commit(1, groupId: $"simple-{i}");
        }

        scenario.Advance(Week + 1_800_000);
        Assert.Equal(95, scenario.Log.Count(record => record is OffsetCommitRecord { Value: null }));
        Assert.Equal(-1, scenario.Fetch("simple-94"));
    }

    [Fact]
    public void Offsets_that_members_consume_are_not_deleted()
    {
        string member = FormConsumerGroup(Subscription("t"));
        _scenario.Commit(1, member, 1);
        Assert.Equal(ErrorCode.GroupSubscribedToTopic, Delete("t"));
        Assert.Equal(ErrorCode.None, Delete("other"));
        _scenario.Leave((member, null));
        Assert.Equal(ErrorCode.None, Delete("t"));
        Assert.Equal(-1, _scenario.Fetch());
    }

    /// <summary>Member bytes come from a client: they are no reason to refuse it, and reading them is guarded.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("FFFF00000001")]
    [InlineData("00007FFFFFFF")]
    [InlineData("0003000000010001740000000000000000")]
    [InlineData("000000000001FFFF")]
    public void Bytes_that_are_no_subscription_are_accepted_and_count_as_consuming_everything(string metadata)
    {
        string member = FormConsumerGroup(Convert.FromHexString(metadata));
        _scenario.Commit(1, member, 1);
        Assert.Equal(ErrorCode.GroupSubscribedToTopic, Delete("t"));
        _scenario.Restart();
        Assert.Null(_scenario.Group.SubscribedTopics);
        Assert.Equal(ErrorCode.None, _scenario.Heartbeat(member, 1));
    }

    [Fact]
    public void Offsets_of_topics_that_a_stable_group_no_longer_consumes_expire()
    {
        var scenario = new GroupScenario(new GroupOptions { OffsetsRetentionMilliseconds = 700_000 });
        string member = FormConsumerGroup(Subscription("other"), scenario);
        scenario.Commit(1, member, 1);
        for (int passed = 0; passed < 1_300_000; passed += 9_000)
        {
            scenario.Advance(9_000);
            scenario.Heartbeat(member, 1);
        }

        Assert.Equal(-1, scenario.Fetch());
        Assert.Equal(ClassicGroupState.Stable, scenario.Group.State);
    }

    [Fact]
    public void A_group_is_deleted_with_its_offsets_when_it_has_no_members()
    {
        string[] members = _scenario.FormGroup(1);
        _scenario.Commit(1, members[0], 1);
        Assert.Equal(ErrorCode.NonEmptyGroup, DeleteGroup(GroupScenario.GroupId));
        _scenario.Leave((members[0], null));
        Assert.Equal(ErrorCode.None, DeleteGroup(GroupScenario.GroupId));
        Assert.Equal(ErrorCode.GroupIdNotFound, DeleteGroup(GroupScenario.GroupId));
        Assert.Equal(-1, _scenario.Fetch());
        GroupStateMachine replayed = _scenario.Replay();
        Assert.Empty(replayed.Groups);
        Assert.Null(replayed.FindOffset(GroupScenario.GroupId, "t", 0));
    }

    [Fact]
    public void Groups_are_listed_by_state_and_type_without_regard_to_case()
    {
        _scenario.FormGroup(1);
        _scenario.Commit(1, groupId: "simple");
        Assert.Equal(["orders", "simple"], List([], []));
        Assert.Equal(["orders"], List(["stable"], []));
        Assert.Equal(["simple"], List(["EMPTY", "Dead"], ["Classic"]));
        Assert.Empty(List([], ["consumer"]));
    }

    [Fact]
    public void A_missing_group_is_described_as_dead_and_for_new_clients_as_an_error()
    {
        Assert.Equal((ErrorCode.None, "Dead"), Describe("nobody", 5));
        Assert.Equal((ErrorCode.GroupIdNotFound, "Dead"), Describe("nobody", 6));
        _scenario.Commit(1, groupId: "simple");
        Assert.Equal((ErrorCode.None, "Empty"), Describe("simple", 6));
    }

    private static byte[] Subscription(string topic)
    {
        var subscription = new ConsumerProtocolSubscription { Topics = [topic] };
        var size = new MessageSize();
        subscription.Measure(ref size, 3);
        byte[] bytes = new byte[2 + size.Total];
        bytes[1] = 3;
        var writer = new ProtocolWriter(bytes.AsSpan(2));
        subscription.Write(ref writer, 3);
        return bytes;
    }

    private string FormConsumerGroup(byte[] metadata, GroupScenario? other = null)
    {
        GroupScenario scenario = other ?? _scenario;
        RequestToken token = scenario.NextToken();
        var request = new JoinGroupRequest
        {
            GroupId = GroupScenario.GroupId,
            ProtocolType = "consumer",
            SessionTimeoutMs = 10_000,
            RebalanceTimeoutMs = 10_000,
            Protocols = [new JoinGroupRequest.JoinGroupRequestProtocol { Name = "range", Metadata = metadata }],
        };
        scenario.Submit(new JoinGroupCommand(token, request, 3, new GroupClient("c", "/h"), Guid.Empty));
        scenario.Advance(3_000);
        string member = scenario.Answer<JoinGroupResponse>(token).MemberId;
        scenario.SendSync(member, 1, (member, 1));
        return member;
    }

    private ErrorCode Delete(string topic)
    {
        RequestToken token = _scenario.NextToken();
        var request = new OffsetDeleteRequest
        {
            GroupId = GroupScenario.GroupId,
            Topics = [new OffsetDeleteRequest.OffsetDeleteRequestTopic { Name = topic, Partitions = [new OffsetDeleteRequest.OffsetDeleteRequestPartition()] }],
        };
        _scenario.Submit(new DeleteOffsetsCommand(token, request));
        return _scenario.Answer<OffsetDeleteResponse>(token).Topics[0].Partitions[0].ErrorCode;
    }

    private ErrorCode DeleteGroup(string groupId)
    {
        RequestToken token = _scenario.NextToken();
        _scenario.Submit(new DeleteGroupsCommand(token, [groupId]));
        return _scenario.Answer<DeleteGroupsResponse>(token).Results[0].ErrorCode;
    }

    private string[] List(List<string> states, List<string> types)
    {
        RequestToken token = _scenario.NextToken();
        _scenario.Submit(new ListGroupsCommand(token, new ListGroupsRequest { StatesFilter = states, TypesFilter = types }));
        return [.. _scenario.Answer<ListGroupsResponse>(token).Groups.Select(group => group.GroupId)];
    }

    private (ErrorCode Error, string State) Describe(string groupId, short version)
    {
        RequestToken token = _scenario.NextToken();
        _scenario.Submit(new DescribeGroupsCommand(token, [groupId], version));
        DescribeGroupsResponse.DescribedGroup group = _scenario.Answer<DescribeGroupsResponse>(token).Groups[0];
        return (group.ErrorCode, group.GroupState);
    }
}
