namespace Ottla.Core.Groups;

/// <summary>Names one timer; equal names are the same timer.</summary>
/// <param name="Kind">What it ends.</param>
/// <param name="GroupId">The group; empty for <see cref="GroupTimerKind.OffsetExpiry"/>.</param>
/// <param name="MemberId">The member of a <see cref="GroupTimerKind.MemberSession"/>; empty for others.</param>
public readonly record struct GroupTimer(GroupTimerKind Kind, string GroupId, string MemberId)
{
    /// <summary>The timer that checks the retention of committed offsets.</summary>
    public static GroupTimer OffsetExpiry => new(GroupTimerKind.OffsetExpiry, "", "");

    /// <summary>The session timer of a member or pending member.</summary>
    public static GroupTimer MemberSession(string groupId, string memberId) => new(GroupTimerKind.MemberSession, groupId, memberId);

    /// <summary>The timer that ends a group's join phase.</summary>
    public static GroupTimer JoinPhase(string groupId) => new(GroupTimerKind.JoinPhase, groupId, "");

    /// <summary>The timer that ends a group's sync phase.</summary>
    public static GroupTimer SyncPhase(string groupId) => new(GroupTimerKind.SyncPhase, groupId, "");
}
