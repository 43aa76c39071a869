namespace Ottla.Client.Groups;

/// <summary>Who a member is to its group's coordinator.</summary>
/// <param name="MemberId">The id that the coordinator gave out; empty for none.</param>
/// <param name="GenerationId">The generation that the member belongs to; -1 for none.</param>
/// <param name="GroupInstanceId">A static member's own name (KIP-345), or null.</param>
internal readonly record struct GroupMemberIdentity(string MemberId, int GenerationId, string? GroupInstanceId)
{
    /// <summary>Somebody who commits without being a member.</summary>
    public static GroupMemberIdentity Outsider => new(string.Empty, -1, null);
}
