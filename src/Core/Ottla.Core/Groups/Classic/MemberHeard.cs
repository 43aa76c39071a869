namespace Ottla.Core.Groups.Classic;

/// <summary>A member gave a sign of life: its session now ends later.</summary>
public sealed record MemberHeard(string GroupId, string MemberId, long SessionDeadline) : GroupEvent;
