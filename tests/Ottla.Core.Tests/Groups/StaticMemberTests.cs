using Ottla.Core.Groups.Classic;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Groups;

public sealed class StaticMemberTests
{
    private readonly GroupScenario _scenario = new();

    [Fact]
    public void A_static_member_joins_without_a_second_request()
    {
        RequestToken join = _scenario.SendJoin("", instanceId: "i1");
        _scenario.Advance(3_000);
        JoinGroupResponse answer = _scenario.Answer<JoinGroupResponse>(join);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        Assert.StartsWith("i1-", answer.MemberId, StringComparison.Ordinal);
        Assert.Equal("i1", answer.Members[0].GroupInstanceId);
    }

    [Fact]
    public void A_restarted_static_follower_keeps_its_assignment_without_a_rebalance()
    {
        (_, string follower) = FormStaticPair();
        JoinGroupResponse answer = _scenario.Answer<JoinGroupResponse>(_scenario.SendJoin("", instanceId: "i2"));
        Assert.NotEqual(follower, answer.MemberId);
        Assert.Equal((ErrorCode.None, 1, false), (answer.ErrorCode, answer.GenerationId, answer.SkipAssignment));
        Assert.Equal(ClassicGroupState.Stable, _scenario.Group.State);
        RequestToken sync = _scenario.SendSync(answer.MemberId, 1);
        Assert.Equal([2], _scenario.Answer<SyncGroupResponse>(sync).Assignment.ToArray());
    }

    [Fact]
    public void A_restarted_static_leader_is_told_to_skip_the_assignment()
    {
        FormStaticPair();
        JoinGroupResponse answer = _scenario.Answer<JoinGroupResponse>(_scenario.SendJoin("", instanceId: "i1"));
        Assert.True(answer.SkipAssignment);
        Assert.Equal(answer.MemberId, answer.Leader);
        Assert.Equal(2, answer.Members.Count);
    }

    [Fact]
    public void A_restarted_static_leader_of_an_old_version_is_not_told_that_it_leads()
    {
        (string leader, _) = FormStaticPair();
        JoinGroupResponse answer = _scenario.Answer<JoinGroupResponse>(_scenario.SendJoin("", version: 8, instanceId: "i1"));
        Assert.False(answer.SkipAssignment);
        Assert.Equal(leader, answer.Leader);
        Assert.Empty(answer.Members);
    }

    /// <summary>Trap 12: static members fenced wrongly.</summary>
    [Fact]
    public void The_replaced_incarnation_is_fenced_everywhere_and_the_new_one_is_not()
    {
        (_, string old) = FormStaticPair();
        string replacement = _scenario.Answer<JoinGroupResponse>(_scenario.SendJoin("", instanceId: "i2")).MemberId;
        Assert.Equal(ErrorCode.FencedInstanceId, _scenario.Heartbeat(old, 1, "i2"));
        Assert.Equal(ErrorCode.FencedInstanceId, _scenario.Commit(5, old, 1, "i2"));
        Assert.Equal(ErrorCode.FencedInstanceId, _scenario.Answer<JoinGroupResponse>(_scenario.SendJoin(old, instanceId: "i2")).ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, _scenario.Leave((old, "i2")).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _scenario.Heartbeat(old, 1));
        Assert.Equal(ErrorCode.None, _scenario.Heartbeat(replacement, 1, "i2"));
        Assert.Equal(ErrorCode.None, _scenario.Commit(5, replacement, 1, "i2"));
    }

    [Fact]
    public void A_waiting_request_of_the_replaced_incarnation_is_fenced_at_once()
    {
        (_, string old) = FormStaticPair();
        _scenario.SendJoin(_scenario.Group.StaticMembers["i1"], instanceId: "i1");
        RequestToken waiting = _scenario.SendJoin(old, instanceId: "i2", metadata: 9);
        Assert.Equal(2, _scenario.Answer<JoinGroupResponse>(waiting).GenerationId);
        RequestToken waitingSync = _scenario.SendSync(old, 2);
        _scenario.SendJoin("", instanceId: "i2");
        Assert.Equal(ErrorCode.FencedInstanceId, _scenario.Answer<SyncGroupResponse>(waitingSync).ErrorCode);
        Assert.Equal(ClassicGroupState.PreparingRebalance, _scenario.Group.State);
    }

    [Fact]
    public void A_static_member_that_does_not_rejoin_in_time_keeps_its_place()
    {
        (string leader, string follower) = FormStaticPair();
        RequestToken join = _scenario.SendJoin(leader, instanceId: "i1");
        for (int i = 0; i < 10; i++)
        {
            _scenario.Advance(6_000);
            _scenario.Heartbeat(follower, 1, "i2");
        }

        Assert.Equal(2, _scenario.Answer<JoinGroupResponse>(join).GenerationId);
        Assert.Contains(follower, _scenario.Group.Members.Keys);
    }

    [Fact]
    public void A_static_member_is_removed_by_its_instance_id_alone()
    {
        FormStaticPair();
        Assert.Equal(ErrorCode.None, _scenario.Leave(("", "i2")).Members[0].ErrorCode);
        Assert.DoesNotContain("i2", _scenario.Group.StaticMembers.Keys);
    }

    [Fact]
    public void A_static_member_is_known_after_a_restart_of_the_coordinator()
    {
        (_, string follower) = FormStaticPair();
        _scenario.Restart();
        Assert.Equal(ErrorCode.None, _scenario.Heartbeat(follower, 1, "i2"));
        Assert.Equal(ErrorCode.FencedInstanceId, _scenario.Heartbeat("someone", 1, "i2"));
    }

    private (string Leader, string Follower) FormStaticPair()
    {
        RequestToken first = _scenario.SendJoin("", instanceId: "i1");
        RequestToken second = _scenario.SendJoin("", instanceId: "i2");
        _scenario.Advance(6_000);
        string leader = _scenario.Answer<JoinGroupResponse>(first).MemberId;
        string follower = _scenario.Answer<JoinGroupResponse>(second).MemberId;
        _scenario.SendSync(leader, 1, (leader, 1), (follower, 2));
        _scenario.SendSync(follower, 1);
        Assert.Equal(ClassicGroupState.Stable, _scenario.Group.State);
        return (leader, follower);
    }
}
