using Ottla.Protocol;

namespace Ottla.Client.Groups.Assignment;

/// <summary>What all assignors share: the orders in which members and partitions are looked at.</summary>
internal static class AssignmentOrder
{
    /// <summary>Static members by their names before all others by their ids, so that restarts of static members change nothing (KIP-345).</summary>
    public static List<AssignmentMember> Sorted(IEnumerable<AssignmentMember> members)
    {
        List<AssignmentMember> sorted = [.. members];
        sorted.Sort(static (left, right) => (left.GroupInstanceId, right.GroupInstanceId) switch
        {
            (null, null) => string.CompareOrdinal(left.MemberId, right.MemberId),
            (null, _) => 1,
            (_, null) => -1,
            _ => string.CompareOrdinal(left.GroupInstanceId, right.GroupInstanceId),
        });
        return sorted;
    }

    /// <summary>The topics that somebody wants and that exist, in order.</summary>
    public static List<string> WantedTopics(IReadOnlyList<AssignmentMember> members, IReadOnlyDictionary<string, int> partitionCounts)
    {
        List<string> topics = [.. members.SelectMany(member => member.Topics).Distinct(StringComparer.Ordinal).Where(partitionCounts.ContainsKey)];
        topics.Sort(StringComparer.Ordinal);
        return topics;
    }

    /// <summary>An empty share for every member.</summary>
    public static Dictionary<string, List<TopicPartition>> EmptyShares(IReadOnlyList<AssignmentMember> members) =>
        members.ToDictionary(member => member.MemberId, _ => new List<TopicPartition>(), StringComparer.Ordinal);
}
