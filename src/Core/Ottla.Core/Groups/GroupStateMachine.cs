using Ottla.Core.Groups.Administration;
using Ottla.Core.Groups.Classic;
using Ottla.Core.Groups.Offsets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups;

/// <summary>
/// The groups and committed offsets of one <c>__consumer_offsets</c> partition. Routes commands to their deciders and holds the state,
/// which changes only in the two Apply methods. Answers are response messages with the fields of the newest version; the handler
/// adapts them to older ones.
/// </summary>
public sealed class GroupStateMachine(GroupOptions options)
    : IReplicatedStateMachine<GroupCommand, GroupRecord, GroupEvent, IMessage, GroupTimer>
{
    private readonly SortedDictionary<string, ClassicGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupOffsets> _offsets = new(StringComparer.Ordinal);

    /// <summary>The groups that have members or had some.</summary>
    public IReadOnlyDictionary<string, ClassicGroup> Groups => _groups;

    /// <inheritdoc/>
    public Decision<GroupRecord, GroupEvent, IMessage, GroupTimer> Decide(GroupCommand command, Instant now)
    {
        var decision = new GroupDecisionBuilder();
        switch (command)
        {
            case HeartbeatCommand heartbeat:
                DecideHeartbeat(heartbeat, decision, now);
                break;
            case CommitOffsetsCommand commit:
                CommitOffsetsDecider.Decide(commit, FindGroup(commit.Request.GroupId), decision, options, now);
                break;
            case FetchOffsetsCommand fetch:
                FetchOffsetsDecider.Decide(fetch, _offsets.GetValueOrDefault(fetch.Group.GroupId), decision);
                break;
            case DeleteOffsetsCommand delete:
                string groupId = delete.Request.GroupId;
                DeleteOffsetsDecider.Decide(delete, FindGroup(groupId), _offsets.GetValueOrDefault(groupId), decision);
                break;
            case JoinGroupCommand join:
                DecideJoin(join, decision, now);
                break;
            case SyncGroupCommand sync:
                DecideSync(sync, decision, now);
                break;
            case LeaveGroupCommand leave:
                DecideLeave(leave, decision, now);
                break;
            case TimerFiredCommand timer:
                DecideTimer(timer.Timer, decision, now);
                break;
            case TopicsDeletedCommand deleted:
                DecideTopicsDeleted(deleted, decision);
                break;
            case CoordinatorLoadedCommand:
                DecideLoaded(decision, now);
                break;
            case ListGroupsCommand or DescribeGroupsCommand or DeleteGroupsCommand:
                DecideAdministration(command, decision);
                break;
            default:
                throw new InvalidOperationException($"No decider for {command.GetType().Name}.");
        }

        return decision.Build();
    }

    /// <inheritdoc/>
    public void ApplyRecord(GroupRecord record)
    {
        switch (record)
        {
            case OffsetCommitRecord offset:
                ApplyOffset(offset);
                break;
            case GroupMetadataRecord { Value: { } value } group:
                _groups[group.Key.Group] = ClassicGroupRecords.Read(group.Key.Group, value);
                break;
            case GroupMetadataRecord group:
                _groups.Remove(group.Key.Group);
                break;
            default:
                throw new InvalidOperationException($"No state for {record.GetType().Name}.");
        }
    }

    /// <inheritdoc/>
    public void ApplyEvent(GroupEvent volatileEvent)
    {
        switch (volatileEvent)
        {
            case MemberHeard heard:
                ClassicGroup group = _groups[heard.GroupId];
                ClassicGroupMember member = group.Members[heard.MemberId] with { SessionDeadline = heard.SessionDeadline };
                _groups[heard.GroupId] = group with { Members = group.Members.SetItem(heard.MemberId, member) };
                break;
            case ClassicGroupChanged changed:
                _groups[changed.Group.GroupId] = changed.Group;
                break;
            default:
                throw new InvalidOperationException($"No state for {volatileEvent.GetType().Name}.");
        }
    }

    /// <summary>What a group has committed for a partition; null if nothing.</summary>
    public CommittedOffset? FindOffset(string groupId, string topic, int partition) =>
        _offsets.TryGetValue(groupId, out GroupOffsets? offsets) && offsets.TryGet(topic, partition, out CommittedOffset offset)
            ? offset
            : null;

    /// <summary>A group with members or a past, or one that exists by its committed offsets alone and so is empty.</summary>
    private ClassicGroup? FindGroup(string groupId) =>
        _groups.TryGetValue(groupId, out ClassicGroup? group) ? group
        : _offsets.ContainsKey(groupId) ? ClassicGroup.CreateEmpty(groupId)
        : null;

    private void DecideHeartbeat(HeartbeatCommand heartbeat, GroupDecisionBuilder decision, Instant now)
    {
        if (heartbeat.Request.GroupId.Length == 0)
        {
            decision.ReplyAtOnce(heartbeat.Token, new HeartbeatResponse { ErrorCode = ErrorCode.InvalidGroupId });
        }
        else if (!_groups.TryGetValue(heartbeat.Request.GroupId, out ClassicGroup? group))
        {
            decision.ReplyAtOnce(heartbeat.Token, new HeartbeatResponse { ErrorCode = ErrorCode.UnknownMemberId });
        }
        else
        {
            HeartbeatDecider.Decide(heartbeat, group, decision, now);
        }
    }

    private void DecideJoin(JoinGroupCommand join, GroupDecisionBuilder decision, Instant now)
    {
        JoinGroupRequest request = join.Request;
        if (JoinGroupDecider.Validate(request, options) is { } error)
        {
            decision.Reply(join.Token, ClassicGroupAnswers.JoinFailed(request.MemberId, error));
            return;
        }

        if (request.MemberId.Length > 0 && FindGroup(request.GroupId) is null)
        {
            decision.Reply(join.Token, ClassicGroupAnswers.JoinFailed(request.MemberId, ErrorCode.UnknownMemberId));
            return;
        }

        bool isStored = _groups.TryGetValue(request.GroupId, out ClassicGroup? group);
        group ??= ClassicGroup.CreateEmpty(request.GroupId) with { StateChangedAt = now.UnixMilliseconds };
        var transition = new ClassicGroupTransition(group, decision, options, now);
        JoinGroupDecider.Decide(join, transition);
        transition.Complete();
        if (!isStored && transition.HasChanged && !decision.HasRecords)
        {
            // The group is there from its first member on, whatever becomes of that one.
            decision.Append(ClassicGroupRecords.WriteCreated(request.GroupId, now));
        }
    }

    private void DecideSync(SyncGroupCommand sync, GroupDecisionBuilder decision, Instant now)
    {
        if (sync.Request.GroupId.Length == 0)
        {
            decision.Reply(sync.Token, ClassicGroupAnswers.SyncFailed(ErrorCode.InvalidGroupId));
        }
        else if (!_groups.TryGetValue(sync.Request.GroupId, out ClassicGroup? group))
        {
            decision.Reply(sync.Token, ClassicGroupAnswers.SyncFailed(ErrorCode.UnknownMemberId));
        }
        else
        {
            var transition = new ClassicGroupTransition(group, decision, options, now);
            SyncGroupDecider.Decide(sync, transition);
            transition.Complete();
        }
    }

    private void DecideLeave(LeaveGroupCommand leave, GroupDecisionBuilder decision, Instant now)
    {
        string groupId = leave.Request.GroupId;
        if (groupId.Length == 0)
        {
            decision.Reply(leave.Token, new LeaveGroupResponse { ErrorCode = ErrorCode.InvalidGroupId });
        }
        else if (FindGroup(groupId) is not { } group)
        {
            decision.Reply(leave.Token, LeaveGroupDecider.UnknownGroup(leave.Request));
        }
        else
        {
            var transition = new ClassicGroupTransition(group, decision, options, now);
            LeaveGroupDecider.Decide(leave, transition);
            transition.Complete();
        }
    }

    private void DecideTimer(GroupTimer timer, GroupDecisionBuilder decision, Instant now)
    {
        if (timer.Kind == GroupTimerKind.OffsetExpiry)
        {
            ExpireOffsets(decision, now);
        }
        else if (_groups.TryGetValue(timer.GroupId, out ClassicGroup? group))
        {
            var transition = new ClassicGroupTransition(group, decision, options, now);
            ClassicTimerDecider.Decide(timer, transition, now);
            transition.Complete();
        }
    }

    private void DecideLoaded(GroupDecisionBuilder decision, Instant now)
    {
        decision.SetTimer(GroupTimer.OffsetExpiry, now.MonotonicAfter(options.OffsetsRetentionCheckIntervalMilliseconds));
        foreach (ClassicGroup group in _groups.Values)
        {
            var transition = new ClassicGroupTransition(group, decision, options, now);
            foreach (ClassicGroupMember member in group.Members.Values)
            {
                transition.ExtendSession(member.MemberId, member.SessionTimeoutMilliseconds);
            }

            // The cap was lowered while the group was stored: those who join first keep their place.
            if (group.Members.Count > options.MaxGroupSize)
            {
                transition.PrepareRebalance();
            }

            transition.Complete();
        }
    }

    private void ExpireOffsets(GroupDecisionBuilder decision, Instant now)
    {
        bool isComplete = true;
        foreach (string groupId in ListGroupIds())
        {
            GroupOffsets? offsets = _offsets.GetValueOrDefault(groupId);
            isComplete &= OffsetExpiration.TryExpire(groupId, _groups.GetValueOrDefault(groupId), offsets, decision, options, now);
            if (!isComplete)
            {
                break;
            }
        }

        long wait = isComplete ? options.OffsetsRetentionCheckIntervalMilliseconds : 0;
        decision.SetTimer(GroupTimer.OffsetExpiry, now.MonotonicAfter(wait));
    }

    private void DecideTopicsDeleted(TopicsDeletedCommand deleted, GroupDecisionBuilder decision)
    {
        foreach (string groupId in _offsets.Keys.Order(StringComparer.Ordinal))
        {
            foreach (string topic in deleted.Topics)
            {
                foreach ((int partition, _) in _offsets[groupId].Partitions(topic))
                {
                    decision.Append(OffsetRecords.WriteTombstone(groupId, topic, partition));
                }
            }
        }
    }

    private void DecideAdministration(GroupCommand command, GroupDecisionBuilder decision)
    {
        switch (command)
        {
            case ListGroupsCommand list:
                IEnumerable<ClassicGroup> groups = ListGroupIds().Select(id => FindGroup(id)!); // it was listed
                decision.Reply(list.Token, new ListGroupsResponse
                {
                    Groups = [.. groups.Where(group => GroupDescriptions.Matches(list.Request, group)).Select(GroupDescriptions.List)],
                });
                break;
            case DescribeGroupsCommand describe:
                decision.Reply(describe.Token, new DescribeGroupsResponse
                {
                    Groups = [.. describe.GroupIds.Select(id => FindGroup(id) is { } group
                        ? GroupDescriptions.Describe(group)
                        : GroupDescriptions.DescribeMissing(id, describe.ApiVersion))],
                });
                break;
            case DeleteGroupsCommand delete:
                DeleteGroups(delete, decision);
                break;
            default:
                break;
        }
    }

    private void DeleteGroups(DeleteGroupsCommand delete, GroupDecisionBuilder decision)
    {
        var response = new DeleteGroupsResponse();
        foreach (string groupId in delete.GroupIds)
        {
            ErrorCode error = FindGroup(groupId) switch
            {
                null => ErrorCode.GroupIdNotFound,
                { State: ClassicGroupState.Empty } => ErrorCode.None,
                _ => ErrorCode.NonEmptyGroup,
            };
            if (error == ErrorCode.None)
            {
                AppendTombstones(groupId, decision);
            }

            response.Results.Add(new DeleteGroupsResponse.DeletableGroupResult { GroupId = groupId, ErrorCode = error });
        }

        decision.Reply(delete.Token, response);
    }

    private void AppendTombstones(string groupId, GroupDecisionBuilder decision)
    {
        if (_offsets.TryGetValue(groupId, out GroupOffsets? offsets))
        {
            foreach (string topic in offsets.Topics())
            {
                foreach ((int partition, _) in offsets.Partitions(topic))
                {
                    decision.Append(OffsetRecords.WriteTombstone(groupId, topic, partition));
                }
            }
        }

        if (_groups.ContainsKey(groupId))
        {
            decision.Append(ClassicGroupRecords.WriteTombstone(groupId));
        }
    }

    private void ApplyOffset(OffsetCommitRecord record)
    {
        if (!_offsets.TryGetValue(record.Key.Group, out GroupOffsets? offsets))
        {
            if (record.Value is null)
            {
                return;
            }

            offsets = new GroupOffsets();
            _offsets.Add(record.Key.Group, offsets);
        }

        if (record.Value is { } value)
        {
            offsets.Set(record.Key.Topic, record.Key.Partition, CommittedOffset.Read(value));
            return;
        }

        offsets.Remove(record.Key.Topic, record.Key.Partition);
        if (offsets.IsEmpty)
        {
            _offsets.Remove(record.Key.Group);
        }
    }

    private IEnumerable<string> ListGroupIds() =>
        _groups.Keys.Union(_offsets.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
