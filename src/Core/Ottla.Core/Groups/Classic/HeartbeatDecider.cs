using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>Decides Heartbeat. The commonest request of all, so it raises one small event instead of copying the group's changes.</summary>
internal static class HeartbeatDecider
{
    public static void Decide(HeartbeatCommand command, ClassicGroup group, GroupDecisionBuilder decision, Instant now)
    {
        HeartbeatRequest request = command.Request;
        if (MemberValidation.Validate(group, request.MemberId, request.GroupInstanceId) is { } error)
        {
            decision.ReplyAtOnce(command.Token, new HeartbeatResponse { ErrorCode = error });
            return;
        }

        if (request.GenerationId != group.GenerationId)
        {
            decision.ReplyAtOnce(command.Token, new HeartbeatResponse { ErrorCode = ErrorCode.IllegalGeneration });
            return;
        }

        NoteAlive(group, request.MemberId, decision, now);
        bool isRebalancing = group.State == ClassicGroupState.PreparingRebalance;
        decision.ReplyAtOnce(
            command.Token, new HeartbeatResponse { ErrorCode = isRebalancing ? ErrorCode.RebalanceInProgress : ErrorCode.None });
    }

    /// <summary>A sign of life of a member, by a heartbeat or a commit.</summary>
    public static void NoteAlive(ClassicGroup group, string memberId, GroupDecisionBuilder decision, Instant now)
    {
        ClassicGroupMember member = group.Members[memberId];
        long deadline = now.MonotonicMilliseconds + member.SessionTimeoutMilliseconds;
        decision.Raise(new MemberHeard(group.GroupId, memberId, deadline));
        decision.SetTimer(GroupTimer.MemberSession(group.GroupId, memberId), deadline);
    }
}
