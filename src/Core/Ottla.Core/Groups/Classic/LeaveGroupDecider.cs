using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>Decides LeaveGroup: each member is judged on its own, and one rebalance follows for all that left.</summary>
internal static class LeaveGroupDecider
{
    /// <summary>Nobody is a member of a group that does not exist.</summary>
    public static LeaveGroupResponse UnknownGroup(LeaveGroupRequest request) => new()
    {
        Members = request.Members.ConvertAll(static member => new LeaveGroupResponse.MemberResponse
        {
            MemberId = member.MemberId,
            GroupInstanceId = member.GroupInstanceId,
            ErrorCode = ErrorCode.UnknownMemberId,
        }),
    };

    public static void Decide(LeaveGroupCommand command, ClassicGroupTransition transition)
    {
        var response = new LeaveGroupResponse();
        bool hasLeft = false;
        foreach (LeaveGroupRequest.MemberIdentity member in command.Request.Members)
        {
            ErrorCode error = Leave(member, transition);
            hasLeft |= error == ErrorCode.None;
            response.Members.Add(new LeaveGroupResponse.MemberResponse
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ErrorCode = error,
            });
        }

        transition.Decision.Reply(command.Token, response);
        if (hasLeft)
        {
            transition.RebalanceWithoutLeftMembers();
        }
    }

    private static ErrorCode Leave(LeaveGroupRequest.MemberIdentity member, ClassicGroupTransition transition)
    {
        ClassicGroup group = transition.Group;
        if (member.MemberId.Length == 0)
        {
            // An administrator removes a static member by its instance id alone.
            if (member.GroupInstanceId is not { } instance || !group.StaticMembers.TryGetValue(instance, out string? memberId))
            {
                return ErrorCode.UnknownMemberId;
            }

            transition.RemoveMember(memberId);
            return ErrorCode.None;
        }

        if (!group.PendingMembers.ContainsKey(member.MemberId)
            && MemberValidation.Validate(group, member.MemberId, member.GroupInstanceId) is { } error)
        {
            return error;
        }

        transition.RemoveMember(member.MemberId);
        return ErrorCode.None;
    }
}
