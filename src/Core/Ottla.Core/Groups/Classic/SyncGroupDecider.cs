using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>Decides SyncGroup.</summary>
internal static class SyncGroupDecider
{
    public static void Decide(SyncGroupCommand command, ClassicGroupTransition transition)
    {
        SyncGroupRequest request = command.Request;
        ClassicGroup group = transition.Group;
        if (Validate(request, group) is { } error)
        {
            transition.Decision.Reply(command.Token, ClassicGroupAnswers.SyncFailed(error));
            return;
        }

        switch (group.State)
        {
            case ClassicGroupState.PreparingRebalance:
                transition.Decision.Reply(command.Token, ClassicGroupAnswers.SyncFailed(ErrorCode.RebalanceInProgress));
                break;
            case ClassicGroupState.CompletingRebalance:
                // The client gave up on an earlier request of this member; that one must not stay unanswered.
                transition.AnswerSync(request.MemberId, ClassicGroupAnswers.SyncFailed(ErrorCode.RebalanceInProgress));
                transition.UpdateMember(transition.Group.Members[request.MemberId] with { WaitingSync = command.Token });
                transition.NoteSync(request.MemberId);
                if (group.LeaderId == request.MemberId)
                {
                    transition.AcceptAssignments(request.Assignments);
                }

                break;
            case ClassicGroupState.Stable:
                transition.NoteSync(request.MemberId);
                transition.Decision.Reply(command.Token, ClassicGroupAnswers.Synced(group, group.Members[request.MemberId]));
                break;
            default:
                throw new InvalidOperationException($"Group {group.GroupId} has a member in state {group.State}.");
        }
    }

    private static ErrorCode? Validate(SyncGroupRequest request, ClassicGroup group)
    {
        if (MemberValidation.Validate(group, request.MemberId, request.GroupInstanceId) is { } error)
        {
            return error;
        }

        if (request.GenerationId != group.GenerationId)
        {
            return ErrorCode.IllegalGeneration;
        }

        return Differs(request.ProtocolType, group.ProtocolType) || Differs(request.ProtocolName, group.ProtocolName)
            ? ErrorCode.InconsistentGroupProtocol
            : null;
    }

    // Versions before 5 do not say (KIP-559).
    private static bool Differs(string? requested, string? agreed) => requested is not null && requested != agreed;
}
