using Ottla.Core.Groups;
using Ottla.Core.Groups.Classic;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Groups;

public sealed class ClassicGroupTests
{
    [Fact]
    public void A_new_dynamic_member_is_given_an_id_and_has_to_come_back_with_it()
    {
        var scenario = new GroupScenario();
        string id = scenario.AskForMemberId();
        Assert.StartsWith("client-", id, StringComparison.Ordinal);
        Assert.True(scenario.Group.PendingMembers.ContainsKey(id));
        Assert.Empty(scenario.Group.Members);

        scenario.SendJoin(id);
        Assert.True(scenario.Group.Members.ContainsKey(id));
        Assert.Empty(scenario.Group.PendingMembers);
    }

    [Fact]
    public void A_member_of_an_old_version_joins_at_once()
    {
        var scenario = new GroupScenario();
        RequestToken join = scenario.SendJoin("", version: 1);
        scenario.Advance(3_000);
        JoinGroupResponse answer = scenario.Answer<JoinGroupResponse>(join);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        Assert.Equal(1, answer.GenerationId);
        Assert.Equal(answer.MemberId, answer.Leader);
        Assert.Single(answer.Members);
    }

    [Fact]
    public void A_pending_member_that_does_not_come_back_is_forgotten()
    {
        var scenario = new GroupScenario();
        string id = scenario.AskForMemberId();
        scenario.Advance(10_000);
        Assert.Empty(scenario.Group.PendingMembers);
        Assert.Equal(ErrorCode.UnknownMemberId, scenario.Answer<JoinGroupResponse>(scenario.SendJoin(id)).ErrorCode);
    }

    [Fact]
    public void The_first_generation_waits_for_more_members_as_long_as_some_arrive()
    {
        var scenario = new GroupScenario();
        RequestToken first = scenario.SendJoin("", version: 1);
        scenario.Advance(2_999);
        RequestToken second = scenario.SendJoin("", version: 1);
        scenario.Advance(2_999);
        Assert.False(scenario.IsAnswered(first));
        scenario.Advance(2);
        Assert.Equal(2, scenario.Answer<JoinGroupResponse>(first).Members.Count);
        Assert.Empty(scenario.Answer<JoinGroupResponse>(second).Members);
        Assert.Equal(scenario.Answer<JoinGroupResponse>(first).MemberId, scenario.Answer<JoinGroupResponse>(second).Leader);
    }

    [Fact]
    public void The_first_generation_waits_no_longer_than_the_rebalance_timeout()
    {
        var scenario = new GroupScenario();
        RequestToken first = scenario.SendJoin("", version: 1);
        for (int second = 0; second < 59; second++)
        {
            scenario.Advance(1_000);
            scenario.SendJoin("", version: 1);
        }

        Assert.False(scenario.IsAnswered(first));
        scenario.Advance(1_000);
        Assert.True(scenario.IsAnswered(first));
    }

    /// <summary>Trap 10: JoinGroup answered at once, generation never bumped, REBALANCE_IN_PROGRESS never sent.</summary>
    [Fact]
    public void A_second_member_gets_its_share_and_the_first_is_told_to_rejoin()
    {
        var scenario = new GroupScenario();
        string first = scenario.FormGroup(1)[0];
        string second = scenario.AskForMemberId();
        RequestToken secondJoin = scenario.SendJoin(second);
        Assert.False(scenario.IsAnswered(secondJoin));
        Assert.Equal(ErrorCode.RebalanceInProgress, scenario.Heartbeat(first, 1));

        RequestToken firstJoin = scenario.SendJoin(first);
        Assert.Equal(2, scenario.Answer<JoinGroupResponse>(firstJoin).GenerationId);
        Assert.Equal(2, scenario.Answer<JoinGroupResponse>(secondJoin).GenerationId);
        RequestToken secondSync = scenario.SendSync(second, 2);
        Assert.False(scenario.IsAnswered(secondSync));
        scenario.SendSync(first, 2, (first, 7), (second, 8));
        Assert.Equal([8], scenario.Answer<SyncGroupResponse>(secondSync).Assignment.ToArray());
        Assert.Equal(ErrorCode.None, scenario.Heartbeat(second, 2));
    }

    /// <summary>Trap 10: a second member gets nothing, even after the first leaves.</summary>
    [Fact]
    public void The_remaining_member_takes_over_after_the_other_left()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(2);
        Assert.Equal(ErrorCode.None, scenario.Leave((members[0], null)).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.RebalanceInProgress, scenario.Heartbeat(members[1], 1));
        JoinGroupResponse joined = scenario.Answer<JoinGroupResponse>(scenario.SendJoin(members[1]));
        Assert.Equal((2, members[1]), (joined.GenerationId, joined.Leader));
        RequestToken sync = scenario.SendSync(members[1], 2, (members[1], 5));
        Assert.Equal([5], scenario.Answer<SyncGroupResponse>(sync).Assignment.ToArray());
    }

    /// <summary>Trap 10: no session timer.</summary>
    [Fact]
    public void A_silent_member_is_removed_after_its_session_timeout()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(2);
        scenario.Advance(9_000);
        Assert.Equal(ErrorCode.None, scenario.Heartbeat(members[0], 1));
        scenario.Advance(1_001);
        Assert.Equal([members[0]], scenario.Group.Members.Keys);
        Assert.Equal(ClassicGroupState.PreparingRebalance, scenario.Group.State);
        Assert.Equal(ErrorCode.UnknownMemberId, scenario.Heartbeat(members[1], 1));
        Assert.Equal(ErrorCode.RebalanceInProgress, scenario.Heartbeat(members[0], 1));
    }

    [Fact]
    public void A_member_that_does_not_rejoin_in_time_is_left_out()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(3);
        RequestToken join = scenario.SendJoin(members[0]);
        for (int i = 0; i < 9; i++)
        {
            scenario.Advance(6_000);
            scenario.Heartbeat(members[1], 1);
            scenario.Heartbeat(members[2], 1);
        }

        Assert.False(scenario.IsAnswered(join));
        scenario.Advance(6_000);
        Assert.Equal(2, scenario.Answer<JoinGroupResponse>(join).GenerationId);
        Assert.Equal([members[0]], scenario.Group.Members.Keys);
    }

    [Fact]
    public void A_group_whose_leader_never_assigns_rebalances_without_it()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(2);
        RequestToken[] joins = [scenario.SendJoin(members[0]), scenario.SendJoin(members[1])];
        Assert.All(joins, join => Assert.True(scenario.IsAnswered(join)));
        RequestToken sync = scenario.SendSync(members[1], 2);
        for (int i = 0; i < 10; i++)
        {
            scenario.Advance(6_000);
            if (i < 9)
            {
                scenario.Heartbeat(members[0], 2);
            }
        }

        Assert.Equal(ErrorCode.RebalanceInProgress, scenario.Answer<SyncGroupResponse>(sync).ErrorCode);
        Assert.Equal([members[1]], scenario.Group.Members.Keys);
        Assert.Equal(members[1], scenario.Group.LeaderId);
    }

    [Fact]
    public void A_follower_that_never_syncs_is_removed_from_a_stable_group()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(2);
        scenario.SendJoin(members[0]);
        scenario.SendJoin(members[1]);
        scenario.SendSync(members[0], 2, (members[0], 1));
        Assert.Equal(ClassicGroupState.Stable, scenario.Group.State);
        for (int i = 0; i < 10; i++)
        {
            scenario.Advance(6_000);
            scenario.Heartbeat(members[0], 2);
            if (i < 9)
            {
                scenario.Heartbeat(members[1], 2);
            }
        }

        Assert.Equal([members[0]], scenario.Group.Members.Keys);
    }

    [Fact]
    public void The_last_member_leaves_an_empty_group_of_a_new_generation_on_disk()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(1);
        scenario.Leave((members[0], null));
        Assert.Equal((ClassicGroupState.Empty, 2), (scenario.Group.State, scenario.Group.GenerationId));
        ClassicGroup replayed = scenario.Replay().Groups[GroupScenario.GroupId];
        Assert.Equal((ClassicGroupState.Empty, 2, "consumer"), (replayed.State, replayed.GenerationId, replayed.ProtocolType));
    }

    [Fact]
    public void Members_without_a_common_protocol_are_refused()
    {
        var scenario = new GroupScenario();
        scenario.SendJoin("", version: 1, protocols: ["range", "roundrobin"]);
        RequestToken other = scenario.SendJoin("", version: 1, protocols: ["sticky"]);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, scenario.Answer<JoinGroupResponse>(other).ErrorCode);
    }

    [Fact]
    public void The_protocol_with_most_votes_among_the_common_ones_wins()
    {
        var scenario = new GroupScenario();
        RequestToken first = scenario.SendJoin("", version: 1, protocols: ["range", "roundrobin", "sticky"]);
        scenario.SendJoin("", version: 1, protocols: ["roundrobin", "range"]);
        scenario.SendJoin("", version: 1, protocols: ["roundrobin", "range"]);
        scenario.Advance(60_000);
        Assert.Equal("roundrobin", scenario.Answer<JoinGroupResponse>(first).ProtocolName);
    }

    [Fact]
    public void A_group_at_its_cap_refuses_another_member()
    {
        var scenario = new GroupScenario(new GroupOptions { MaxGroupSize = 1 });
        scenario.FormGroup(1);
        RequestToken join = scenario.SendJoin("", version: 1);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, scenario.Answer<JoinGroupResponse>(join).ErrorCode);
        Assert.Equal(ClassicGroupState.Stable, scenario.Group.State);
    }

    [Theory]
    [InlineData(5_999)]
    [InlineData(1_800_001)]
    public void A_session_timeout_out_of_bounds_is_refused(int sessionTimeout)
    {
        var scenario = new GroupScenario();
        RequestToken join = scenario.SendJoin("", sessionTimeout: sessionTimeout);
        Assert.Equal(ErrorCode.InvalidSessionTimeout, scenario.Answer<JoinGroupResponse>(join).ErrorCode);
    }

    [Fact]
    public void A_follower_that_rejoins_unchanged_gets_the_standing_generation()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(2);
        JoinGroupResponse answer = scenario.Answer<JoinGroupResponse>(scenario.SendJoin(members[1]));
        Assert.Equal((1, members[0]), (answer.GenerationId, answer.Leader));
        Assert.Empty(answer.Members);
        Assert.Equal(ClassicGroupState.Stable, scenario.Group.State);
    }

    [Fact]
    public void A_leader_that_rejoins_starts_a_rebalance()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(2);
        RequestToken join = scenario.SendJoin(members[0]);
        Assert.False(scenario.IsAnswered(join));
        Assert.Equal(ErrorCode.RebalanceInProgress, scenario.Heartbeat(members[1], 1));
    }

    [Fact]
    public void Heartbeat_with_an_old_generation_is_rejected()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(1);
        Assert.Equal(ErrorCode.IllegalGeneration, scenario.Heartbeat(members[0], 0));
        Assert.Equal(ErrorCode.UnknownMemberId, scenario.Heartbeat("stranger", 1));
    }

    [Fact]
    public void A_repeated_join_does_not_leave_the_first_request_unanswered()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(2);
        RequestToken first = scenario.SendJoin(members[0]);
        RequestToken repeated = scenario.SendJoin(members[0]);
        Assert.Equal(ErrorCode.RebalanceInProgress, scenario.Answer<JoinGroupResponse>(first).ErrorCode);
        scenario.SendJoin(members[1]);
        Assert.Equal(ErrorCode.None, scenario.Answer<JoinGroupResponse>(repeated).ErrorCode);
    }

    [Fact]
    public void A_failed_append_changes_nothing_and_the_sync_can_be_repeated()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(1);
        scenario.SendJoin(members[0]);
        ClassicGroup before = scenario.Group;
        scenario.FailAppends = true;
        RequestToken failed = scenario.SendSync(members[0], 2, (members[0], 9));
        Assert.Same(before, scenario.Group);
        Assert.False(scenario.IsAnswered(failed));
        scenario.FailAppends = false;
        RequestToken sync = scenario.SendSync(members[0], 2, (members[0], 9));
        Assert.Equal([9], scenario.Answer<SyncGroupResponse>(sync).Assignment.ToArray());
    }

    [Fact]
    public void A_restarted_coordinator_keeps_members_and_removes_those_that_stay_silent()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(2);
        scenario.Restart();
        Assert.Equal(ClassicGroupState.Stable, scenario.Group.State);
        Assert.Equal(ErrorCode.None, scenario.Heartbeat(members[0], 1));
        RequestToken sync = scenario.SendSync(members[1], 1);
        Assert.Equal([1], scenario.Answer<SyncGroupResponse>(sync).Assignment.ToArray());
        scenario.Advance(9_999);
        scenario.Heartbeat(members[0], 1);
        scenario.Advance(1);
        Assert.Equal([members[0]], scenario.Group.Members.Keys);
    }

    [Fact]
    public void A_loaded_group_over_the_lowered_cap_rebalances_down_to_it()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(2);
        var lowered = new GroupScenario(new GroupOptions { MaxGroupSize = 1 });
        lowered.Log.AddRange(scenario.Log);
        lowered.Restart();
        Assert.Equal(ClassicGroupState.PreparingRebalance, lowered.Group.State);
        lowered.SendJoin(members[1]);
        RequestToken late = lowered.SendJoin(members[0]);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, lowered.Answer<JoinGroupResponse>(late).ErrorCode);
    }

    [Fact]
    public void Sync_with_another_protocol_is_refused()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(1);
        RequestToken token = scenario.NextToken();
        scenario.Submit(new SyncGroupCommand(token, new SyncGroupRequest
        {
            GroupId = GroupScenario.GroupId,
            MemberId = members[0],
            GenerationId = 1,
            ProtocolName = "roundrobin",
            ProtocolType = "consumer",
        }));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, scenario.Answer<SyncGroupResponse>(token).ErrorCode);
    }

    [Fact]
    public void Nobody_is_a_member_of_a_group_that_is_not_there()
    {
        var scenario = new GroupScenario();

        LeaveGroupResponse answer = scenario.Leave(("m", null), ("", "i"));

        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        Assert.Equal([("m", ErrorCode.UnknownMemberId), ("", ErrorCode.UnknownMemberId)], answer.Members.Select(member => (member.MemberId, member.ErrorCode)));
    }

    [Fact]
    public void A_batch_leave_judges_every_member_on_its_own_and_rebalances_once()
    {
        var scenario = new GroupScenario();
        string[] members = scenario.FormGroup(3);
        LeaveGroupResponse answer = scenario.Leave((members[0], null), ("stranger", null), (members[1], null), ("", "unknown-instance"));
        Assert.Equal(
            [ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.None, ErrorCode.UnknownMemberId],
            answer.Members.Select(member => member.ErrorCode));
        Assert.Equal([members[2]], scenario.Group.Members.Keys);
        Assert.Equal(1, scenario.Group.GenerationId);
    }
}
