using Ottla.Protocol;

namespace Ottla.Client.Groups.Assignment;

/// <summary>A member of a group as its leader sees it when partitions are shared out.</summary>
/// <param name="MemberId">The member's id.</param>
/// <param name="GroupInstanceId">A static member's name, or null.</param>
/// <param name="Topics">The topics it wants.</param>
/// <param name="Owned">The partitions it still holds; only cooperative protocols look at them.</param>
/// <param name="Generation">The generation in which it got them; -1 from members that do not tell.</param>
internal sealed record AssignmentMember(
    string MemberId,
    string? GroupInstanceId,
    IReadOnlyList<string> Topics,
    IReadOnlyList<TopicPartition> Owned,
    int Generation);
