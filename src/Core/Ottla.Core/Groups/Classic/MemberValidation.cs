using Ottla.Protocol;

namespace Ottla.Core.Groups.Classic;

/// <summary>Whether a request comes from a member of the group.</summary>
internal static class MemberValidation
{
    /// <summary>The reason to refuse, or null. A static member that another incarnation has replaced is fenced.</summary>
    public static ErrorCode? Validate(ClassicGroup group, string memberId, string? groupInstanceId)
    {
        if (groupInstanceId is not null)
        {
            if (!group.StaticMembers.TryGetValue(groupInstanceId, out string? currentMemberId))
            {
                return ErrorCode.UnknownMemberId;
            }

            if (currentMemberId != memberId)
            {
                return ErrorCode.FencedInstanceId;
            }
        }

        return group.Members.ContainsKey(memberId) ? null : ErrorCode.UnknownMemberId;
    }
}
