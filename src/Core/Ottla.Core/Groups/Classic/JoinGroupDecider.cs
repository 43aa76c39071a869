using System.Collections.Immutable;
using System.Globalization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>Decides JoinGroup.</summary>
internal static class JoinGroupDecider
{
    private const short FirstVersionThatRequiresKnownMember = 4;
    private const short FirstVersionThatSkipsAssignment = 9;

    /// <summary>Refuses what no group accepts; null if the request may go on.</summary>
    public static ErrorCode? Validate(JoinGroupRequest request, GroupOptions options)
    {
        if (request.GroupId.Length == 0)
        {
            return ErrorCode.InvalidGroupId;
        }

        return request.SessionTimeoutMs < options.MinSessionTimeoutMilliseconds || request.SessionTimeoutMs > options.MaxSessionTimeoutMilliseconds
            ? ErrorCode.InvalidSessionTimeout
            : null;
    }

    public static void Decide(JoinGroupCommand command, ClassicGroupTransition transition)
    {
        JoinGroupRequest request = command.Request;
        bool isNewMember = request.MemberId.Length == 0;
        if (!HasRoom(transition, request.MemberId))
        {
            transition.RemoveMember(request.MemberId);
            transition.Decision.Reply(command.Token, ClassicGroupAnswers.JoinFailed("", ErrorCode.GroupMaxSizeReached));
            return;
        }

        ImmutableArray<MemberProtocol> protocols = CopyProtocols(request);
        if (!ProtocolSelection.CanJoin(transition.Group, request.ProtocolType, protocols))
        {
            transition.Decision.Reply(command.Token, ClassicGroupAnswers.JoinFailed(request.MemberId, ErrorCode.InconsistentGroupProtocol));
        }
        else if (isNewMember)
        {
            JoinNewMember(command, protocols, transition);
        }
        else if (transition.Group.PendingMembers.ContainsKey(request.MemberId) && request.GroupInstanceId is null)
        {
            AddMember(command, request.MemberId, protocols, transition);
        }
        else if (MemberValidation.Validate(transition.Group, request.MemberId, request.GroupInstanceId) is { } error)
        {
            transition.Decision.Reply(command.Token, ClassicGroupAnswers.JoinFailed(request.MemberId, error));
        }
        else
        {
            JoinKnownMember(command, protocols, transition);
        }
    }

    /// <summary>Whether the cap on the group's size lets the member in. While a rebalance runs, the cap counts those who have joined it.</summary>
    private static bool HasRoom(ClassicGroupTransition transition, string memberId)
    {
        ClassicGroup group = transition.Group;
        bool isMember = group.Members.TryGetValue(memberId, out ClassicGroupMember? member);
        return group.State switch
        {
            ClassicGroupState.PreparingRebalance =>
                member is { WaitingJoin: not null } || group.CountWaitingJoins() < transition.Options.MaxGroupSize,
            ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable =>
                isMember || group.Members.Count < transition.Options.MaxGroupSize,
            _ => true,
        };
    }

    private static void JoinNewMember(JoinGroupCommand command, ImmutableArray<MemberProtocol> protocols, ClassicGroupTransition transition)
    {
        JoinGroupRequest request = command.Request;
        string prefix = request.GroupInstanceId ?? command.Client.ClientId;
        string memberId = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{command.NewMemberUuid:D}");
        if (request.GroupInstanceId is { } instance)
        {
            if (transition.Group.StaticMembers.TryGetValue(instance, out string? existingMemberId))
            {
                ReplaceStaticMember(command, existingMemberId, memberId, protocols, transition);
            }
            else
            {
                AddMember(command, memberId, protocols, transition);
            }
        }
        else if (command.ApiVersion >= FirstVersionThatRequiresKnownMember)
        {
            // KIP-394: the id goes out first, so that a client that never reads its answer does not stay behind as a member.
            transition.AddPendingMember(memberId, request.SessionTimeoutMs);
            transition.Decision.ReplyAtOnce(command.Token, ClassicGroupAnswers.JoinFailed(memberId, ErrorCode.MemberIdRequired));
        }
        else
        {
            AddMember(command, memberId, protocols, transition);
        }
    }

    private static void AddMember(
        JoinGroupCommand command, string memberId, ImmutableArray<MemberProtocol> protocols, ClassicGroupTransition transition)
    {
        JoinGroupRequest request = command.Request;
        transition.AddMember(
            new ClassicGroupMember
            {
                MemberId = memberId,
                GroupInstanceId = request.GroupInstanceId,
                ClientId = command.Client.ClientId,
                ClientHost = command.Client.ClientHost,
                SessionTimeoutMilliseconds = request.SessionTimeoutMs,
                RebalanceTimeoutMilliseconds = RebalanceTimeoutOf(request),
                Protocols = protocols,
                IsNew = true,
                WaitingJoin = command.Token,
            },
            request.ProtocolType);
        transition.RebalanceWithJoinedMember();
    }

    private static void JoinKnownMember(JoinGroupCommand command, ImmutableArray<MemberProtocol> protocols, ClassicGroupTransition transition)
    {
        ClassicGroup group = transition.Group;
        ClassicGroupMember member = group.Members[command.Request.MemberId];
        switch (group.State)
        {
            case ClassicGroupState.CompletingRebalance when member.Supports(protocols):
                // Its answer was lost; the generation it asks for is the one that stands.
                transition.Decision.Reply(command.Token, ClassicGroupAnswers.Joined(group, member.MemberId));
                break;
            case ClassicGroupState.Stable when group.LeaderId != member.MemberId && member.Supports(protocols):
                transition.Decision.Reply(
                    command.Token, ClassicGroupAnswers.JoinedAsFollower(group, member.MemberId, group.LeaderId ?? ""));
                break;
            default:
                // A leader that joins again wants to assign anew: the topics may have changed while its own bytes have not.
                UpdateMember(command, member, protocols, transition);
                transition.RebalanceWithJoinedMember();
                break;
        }
    }

    private static void ReplaceStaticMember(
        JoinGroupCommand command, string oldMemberId, string newMemberId, ImmutableArray<MemberProtocol> protocols, ClassicGroupTransition transition)
    {
        string leaderBefore = transition.Group.LeaderId ?? "";
        ClassicGroupMember oldMember = transition.Group.Members[oldMemberId];
        ClassicGroupMember newMember = oldMember with { MemberId = newMemberId, WaitingJoin = null, WaitingSync = null };
        transition.ReplaceStaticMember(command.Request.GroupInstanceId!, oldMember, newMember); // set: the caller found it by this id
        UpdateMember(command, transition.Group.Members[newMemberId], protocols, transition);
        ClassicGroup group = transition.Group;
        if (group.State != ClassicGroupState.Stable)
        {
            // In CompletingRebalance the leader may already be assigning to the old id, so the new one would get nothing: join again.
            transition.RebalanceWithJoinedMember();
        }
        else if (ProtocolSelection.Select(group) != group.ProtocolName)
        {
            transition.PrepareRebalance();
        }
        else
        {
            // The place, with its assignment, goes over without a rebalance (KIP-345); an old client that led before must not
            // assign again, so it is told that its former id leads (KIP-814 gave newer ones a flag for it).
            transition.Persist();
            JoinGroupResponse answer = command.ApiVersion >= FirstVersionThatSkipsAssignment
                ? ClassicGroupAnswers.Joined(group, newMemberId)
                : ClassicGroupAnswers.JoinedAsFollower(group, newMemberId, leaderBefore);
            answer.SkipAssignment = command.ApiVersion >= FirstVersionThatSkipsAssignment && group.LeaderId == newMemberId;
            transition.AnswerJoin(newMemberId, answer);
        }
    }

    private static void UpdateMember(
        JoinGroupCommand command, ClassicGroupMember member, ImmutableArray<MemberProtocol> protocols, ClassicGroupTransition transition)
    {
        // The client gave up on an earlier request of this member; that one must not stay unanswered.
        transition.AnswerJoin(member.MemberId, ClassicGroupAnswers.JoinFailed(member.MemberId, ErrorCode.RebalanceInProgress));
        transition.UpdateMember(transition.Group.Members[member.MemberId] with
        {
            Protocols = protocols,
            SessionTimeoutMilliseconds = command.Request.SessionTimeoutMs,
            RebalanceTimeoutMilliseconds = RebalanceTimeoutOf(command.Request),
            WaitingJoin = command.Token,
        });
    }

    /// <summary>Version 0 has no rebalance timeout: such clients rejoin within their session timeout.</summary>
    private static int RebalanceTimeoutOf(JoinGroupRequest request) =>
        request.RebalanceTimeoutMs < 0 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs;

    private static ImmutableArray<MemberProtocol> CopyProtocols(JoinGroupRequest request)
    {
        ImmutableArray<MemberProtocol>.Builder protocols = ImmutableArray.CreateBuilder<MemberProtocol>(request.Protocols.Count);
        foreach (JoinGroupRequest.JoinGroupRequestProtocol protocol in request.Protocols)
        {
            protocols.Add(new MemberProtocol(protocol.Name, protocol.Metadata.ToArray()));
        }

        return protocols.MoveToImmutable();
    }
}
