using System.Collections.Immutable;
using Ottla.Protocol;

namespace Ottla.Core.Groups.Classic;

/// <summary>Decides what the timers of a classic group end. Due times are in the state: a timer that fires early is set again.</summary>
internal static class ClassicTimerDecider
{
    public static void Decide(GroupTimer timer, ClassicGroupTransition transition, Instant now)
    {
        switch (timer.Kind)
        {
            case GroupTimerKind.MemberSession:
                EndSession(timer, transition, now);
                break;
            case GroupTimerKind.JoinPhase:
                if (transition.Group.JoinPhase is { } phase && IsDue(timer, phase.Deadline, transition, now))
                {
                    transition.EndJoinPhase(phase);
                }

                break;
            case GroupTimerKind.SyncPhase:
                if (transition.Group.SyncDeadline is { } deadline && IsDue(timer, deadline, transition, now))
                {
                    EndSyncPhase(transition);
                }

                break;
            default:
                throw new InvalidOperationException($"{timer.Kind} is not a timer of a classic group.");
        }
    }

    private static void EndSession(GroupTimer timer, ClassicGroupTransition transition, Instant now)
    {
        ClassicGroup group = transition.Group;
        if (group.PendingMembers.TryGetValue(timer.MemberId, out long pendingDeadline))
        {
            if (IsDue(timer, pendingDeadline, transition, now))
            {
                transition.RemoveMember(timer.MemberId);
                transition.TryCompleteJoinPhase();
            }
        }
        else if (group.Members.TryGetValue(timer.MemberId, out ClassicGroupMember? member)
            && !member.IsHeldByUs
            && IsDue(timer, member.SessionDeadline, transition, now))
        {
            transition.RemoveMember(member.MemberId);
            transition.RebalanceWithoutLeftMembers();
        }
    }

    /// <summary>Members that took the new generation and never asked for their assignment are gone.</summary>
    private static void EndSyncPhase(ClassicGroupTransition transition)
    {
        ImmutableArray<string> missing =
            [.. transition.Group.Members.Values.Where(static member => member.OwesSync).Select(static member => member.MemberId)];
        foreach (string memberId in missing)
        {
            transition.RemoveMember(memberId);
        }

        if (missing.Length > 0)
        {
            transition.RebalanceWithoutLeftMembers();
        }
    }

    private static bool IsDue(GroupTimer timer, long deadline, ClassicGroupTransition transition, Instant now)
    {
        if (deadline <= now.MonotonicMilliseconds)
        {
            return true;
        }

        transition.Decision.SetTimer(timer, deadline);
        return false;
    }
}
