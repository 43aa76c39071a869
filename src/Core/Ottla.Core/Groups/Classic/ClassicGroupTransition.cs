using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>
/// The moves of a classic group that several requests and timers share: adding and removing members, beginning a rebalance,
/// completing its join phase, handing out assignments. Works on its own copy of the group; <see cref="Complete"/> makes the
/// outcome part of the decision.
/// </summary>
internal sealed class ClassicGroupTransition(ClassicGroup group, GroupDecisionBuilder decision, GroupOptions options, Instant now)
{
    private readonly ClassicGroup _before = group;

    /// <summary>The group after the moves made so far.</summary>
    public ClassicGroup Group { get; private set; } = group;

    public GroupDecisionBuilder Decision => decision;

    public GroupOptions Options => options;

    public bool HasChanged => !ReferenceEquals(Group, _before);

    /// <summary>Makes the changed group part of the decision.</summary>
    public void Complete()
    {
        if (HasChanged)
        {
            decision.Raise(new ClassicGroupChanged(Group));
        }
    }

    /// <summary>Writes the group as it is now.</summary>
    public void Persist() => decision.Append(ClassicGroupRecords.Write(Group));

    public void AddPendingMember(string memberId, int sessionTimeoutMilliseconds)
    {
        long deadline = now.MonotonicMilliseconds + sessionTimeoutMilliseconds;
        Group = Group with { PendingMembers = Group.PendingMembers.SetItem(memberId, deadline) };
        decision.SetTimer(GroupTimer.MemberSession(Group.GroupId, memberId), deadline);
    }

    /// <summary>Adds a member whose JoinGroup waits. Its wait is bounded: it may be gone without our seeing it.</summary>
    public void AddMember(ClassicGroupMember member, string protocolType)
    {
        JoinPhase? phase = Group.JoinPhase;
        Group = Group with
        {
            ProtocolType = Group.Members.IsEmpty ? protocolType : Group.ProtocolType,
            LeaderId = Group.LeaderId ?? member.MemberId,
            Members = Group.Members.SetItem(member.MemberId, member with { JoinOrder = Group.NextJoinOrder }),
            StaticMembers = member.GroupInstanceId is { } instance
                ? Group.StaticMembers.SetItem(instance, member.MemberId)
                : Group.StaticMembers,
            PendingMembers = Group.PendingMembers.Remove(member.MemberId),
            NextJoinOrder = Group.NextJoinOrder + 1,
            JoinPhase = phase is { IsInitial: true } ? phase with { MemberArrived = true } : phase,
        };
        ExtendSession(member.MemberId, options.NewMemberJoinTimeoutMilliseconds);
    }

    public void UpdateMember(ClassicGroupMember member) =>
        Group = Group with { Members = Group.Members.SetItem(member.MemberId, member) };

    /// <summary>Gives a static member's place to its new incarnation; requests of the old one that still wait are fenced at once.</summary>
    public void ReplaceStaticMember(string instanceId, ClassicGroupMember oldMember, ClassicGroupMember newMember)
    {
        AnswerJoin(oldMember.MemberId, ClassicGroupAnswers.JoinFailed(oldMember.MemberId, ErrorCode.FencedInstanceId));
        AnswerSync(oldMember.MemberId, ClassicGroupAnswers.SyncFailed(ErrorCode.FencedInstanceId));
        decision.CancelTimer(GroupTimer.MemberSession(Group.GroupId, oldMember.MemberId));
        Group = Group with
        {
            Members = Group.Members.Remove(oldMember.MemberId).SetItem(newMember.MemberId, newMember),
            StaticMembers = Group.StaticMembers.SetItem(instanceId, newMember.MemberId),
            LeaderId = Group.LeaderId == oldMember.MemberId ? newMember.MemberId : Group.LeaderId,
        };
        ExtendSession(newMember.MemberId, newMember.SessionTimeoutMilliseconds);
    }

    /// <summary>Removes a member or pending member, and answers what it waits for.</summary>
    public void RemoveMember(string memberId)
    {
        AnswerJoin(memberId, ClassicGroupAnswers.JoinFailed("", ErrorCode.UnknownMemberId));
        AnswerSync(memberId, ClassicGroupAnswers.SyncFailed(ErrorCode.UnknownMemberId));
        decision.CancelTimer(GroupTimer.MemberSession(Group.GroupId, memberId));
        if (Group.Members.TryGetValue(memberId, out ClassicGroupMember? member))
        {
            Group = Group with
            {
                Members = Group.Members.Remove(memberId),
                StaticMembers = member.GroupInstanceId is { } instance ? Group.StaticMembers.Remove(instance) : Group.StaticMembers,
            };
        }

        Group = Group with
        {
            PendingMembers = Group.PendingMembers.Remove(memberId),
            LeaderId = Group.LeaderId == memberId ? Group.FindOldestMember(static _ => true)?.MemberId : Group.LeaderId,
        };
    }

    /// <summary>What follows when members left or were lost: a rebalance, or the end of the one that was waiting for them.</summary>
    public void RebalanceWithoutLeftMembers()
    {
        switch (Group.State)
        {
            case ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance:
                PrepareRebalance();
                break;
            case ClassicGroupState.PreparingRebalance:
                TryCompleteJoinPhase();
                break;
            default:
                break;
        }
    }

    /// <summary>What follows when a member joined.</summary>
    public void RebalanceWithJoinedMember()
    {
        if (Group.CanRebalance)
        {
            PrepareRebalance();
        }
        else
        {
            TryCompleteJoinPhase();
        }
    }

    public void PrepareRebalance()
    {
        if (Group.State == ClassicGroupState.CompletingRebalance)
        {
            FailWaitingSyncs();
        }

        CancelSyncPhase();
        bool isInitial = Group.State == ClassicGroupState.Empty;
        ChangeState(ClassicGroupState.PreparingRebalance);
        if (isInitial)
        {
            int delay = options.InitialRebalanceDelayMilliseconds;
            int remaining = Math.Max(Group.RebalanceTimeoutMilliseconds - delay, 0);
            SetJoinPhase(new JoinPhase(now.MonotonicMilliseconds + delay, IsInitial: true, delay, remaining, MemberArrived: false));
        }
        else if (Group.HasAllMembersJoined)
        {
            CompleteJoinPhase();
        }
        else
        {
            WaitForMembersToJoin();
        }
    }

    /// <summary>Ends the join phase if nobody is waited for. The first phase of an empty group always runs its time.</summary>
    public void TryCompleteJoinPhase()
    {
        if (Group is { State: ClassicGroupState.PreparingRebalance, JoinPhase.IsInitial: false, HasAllMembersJoined: true })
        {
            CompleteJoinPhase();
        }
    }

    /// <summary>The time of the join phase is over. An empty group's first phase goes on as long as members keep arriving.</summary>
    public void EndJoinPhase(JoinPhase phase)
    {
        if (phase is not { IsInitial: true, MemberArrived: true, RemainingMilliseconds: > 0 })
        {
            CompleteJoinPhase();
            return;
        }

        int delay = Math.Min(options.InitialRebalanceDelayMilliseconds, phase.RemainingMilliseconds);
        int remaining = Math.Max(phase.RemainingMilliseconds - phase.DelayMilliseconds, 0);
        SetJoinPhase(new JoinPhase(now.MonotonicMilliseconds + delay, IsInitial: true, delay, remaining, MemberArrived: false));
    }

    /// <summary>Begins the next generation with those who joined. Static members keep their place until their session ends.</summary>
    public void CompleteJoinPhase()
    {
        decision.CancelTimer(GroupTimer.JoinPhase(Group.GroupId));
        foreach (ClassicGroupMember member in Group.Members.Values)
        {
            if (member is { WaitingJoin: null, GroupInstanceId: null })
            {
                RemoveMember(member.MemberId);
            }
        }

        if (!ElectJoinedLeader() && !Group.Members.IsEmpty)
        {
            WaitForMembersToJoin();
            return;
        }

        BeginGeneration();
        if (Group.State == ClassicGroupState.Empty)
        {
            Persist();
            return;
        }

        foreach (ClassicGroupMember member in Group.Members.Values)
        {
            AnswerJoin(member.MemberId, ClassicGroupAnswers.Joined(Group, member.MemberId));
            UpdateMember(Group.Members[member.MemberId] with { IsNew = false, OwesSync = true });
            ExtendSession(member.MemberId, member.SessionTimeoutMilliseconds);
        }

        long deadline = now.MonotonicMilliseconds + Group.RebalanceTimeoutMilliseconds;
        Group = Group with { SyncDeadline = deadline };
        decision.SetTimer(GroupTimer.SyncPhase(Group.GroupId), deadline);
    }

    /// <summary>The leader has assigned: everyone who waits gets its share, and the group is stable.</summary>
    public void AcceptAssignments(IReadOnlyList<SyncGroupRequest.SyncGroupRequestAssignment> assignments)
    {
        var byMember = new Dictionary<string, ReadOnlyMemory<byte>>(assignments.Count, StringComparer.Ordinal);
        foreach (SyncGroupRequest.SyncGroupRequestAssignment assignment in assignments)
        {
            byMember[assignment.MemberId] = assignment.Assignment.ToArray();
        }

        foreach (ClassicGroupMember member in Group.Members.Values)
        {
            UpdateMember(member with { Assignment = byMember.GetValueOrDefault(member.MemberId) });
        }

        ChangeState(ClassicGroupState.Stable);
        Persist();
        foreach (ClassicGroupMember member in Group.Members.Values)
        {
            if (member.WaitingSync is not null)
            {
                AnswerSync(member.MemberId, ClassicGroupAnswers.Synced(Group, member));
                ExtendSession(member.MemberId, member.SessionTimeoutMilliseconds);
            }
        }
    }

    /// <summary>Notes that a member sent SyncGroup; when all have, nobody needs to be timed out any more.</summary>
    public void NoteSync(string memberId)
    {
        UpdateMember(Group.Members[memberId] with { OwesSync = false });
        if (Group.SyncDeadline is not null && !Group.Members.Values.Any(static member => member.OwesSync))
        {
            CancelSyncPhase();
        }
    }

    /// <summary>Answers a member's waiting JoinGroup, if it has one.</summary>
    public void AnswerJoin(string memberId, JoinGroupResponse answer)
    {
        if (Group.Members.TryGetValue(memberId, out ClassicGroupMember? member) && member.WaitingJoin is { } token)
        {
            decision.Reply(token, answer);
            UpdateMember(member with { WaitingJoin = null });
        }
    }

    /// <summary>Answers a member's waiting SyncGroup, if it has one.</summary>
    public void AnswerSync(string memberId, SyncGroupResponse answer)
    {
        if (Group.Members.TryGetValue(memberId, out ClassicGroupMember? member) && member.WaitingSync is { } token)
        {
            decision.Reply(token, answer);
            UpdateMember(member with { WaitingSync = null });
        }
    }

    /// <summary>Lets a member's session end a timeout from now.</summary>
    public void ExtendSession(string memberId, int timeoutMilliseconds)
    {
        long deadline = now.MonotonicMilliseconds + timeoutMilliseconds;
        UpdateMember(Group.Members[memberId] with { SessionDeadline = deadline });
        decision.SetTimer(GroupTimer.MemberSession(Group.GroupId, memberId), deadline);
    }

    private void ChangeState(ClassicGroupState state) =>
        Group = Group with { State = state, StateChangedAt = now.UnixMilliseconds, JoinPhase = null };

    private void WaitForMembersToJoin()
    {
        int delay = Group.RebalanceTimeoutMilliseconds;
        SetJoinPhase(new JoinPhase(now.MonotonicMilliseconds + delay, IsInitial: false, delay, RemainingMilliseconds: 0, MemberArrived: false));
    }

    private void SetJoinPhase(JoinPhase phase)
    {
        Group = Group with { JoinPhase = phase };
        decision.SetTimer(GroupTimer.JoinPhase(Group.GroupId), phase.Deadline);
    }

    private void CancelSyncPhase()
    {
        if (Group.SyncDeadline is not null)
        {
            Group = Group with { SyncDeadline = null };
            decision.CancelTimer(GroupTimer.SyncPhase(Group.GroupId));
        }
    }

    /// <summary>A rebalance begins before the leader has assigned: who waits for an assignment has to join again.</summary>
    private void FailWaitingSyncs()
    {
        foreach (ClassicGroupMember member in Group.Members.Values)
        {
            UpdateMember(member with { Assignment = default });
            if (member.WaitingSync is not null)
            {
                AnswerSync(member.MemberId, ClassicGroupAnswers.SyncFailed(ErrorCode.RebalanceInProgress));
                ExtendSession(member.MemberId, member.SessionTimeoutMilliseconds);
            }
        }
    }

    /// <summary>Keeps the leader if it joined, else takes the oldest member that did. False if nobody did.</summary>
    private bool ElectJoinedLeader()
    {
        if (Group.LeaderId is not { } leader)
        {
            return false;
        }

        if (Group.Members[leader].WaitingJoin is not null)
        {
            return true;
        }

        if (Group.FindOldestMember(static member => member.WaitingJoin is not null) is not { } elected)
        {
            return false;
        }

        Group = Group with { LeaderId = elected.MemberId };
        return true;
    }

    private void BeginGeneration()
    {
        ChangeState(Group.Members.IsEmpty ? ClassicGroupState.Empty : ClassicGroupState.CompletingRebalance);
        Group = Group with
        {
            GenerationId = Group.GenerationId + 1,
            ProtocolName = Group.Members.IsEmpty ? null : ProtocolSelection.Select(Group),
        };
        Group = Group with { SubscribedTopics = ConsumerSubscriptionReader.ReadTopics(Group) };
    }
}
