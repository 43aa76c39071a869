using Ottla.Protocol;

namespace Ottla.Client.Groups.Assignment;

/// <summary>Shares a group's partitions out among its members. Pure: the same question always has the same answer.</summary>
internal interface IPartitionAssignor
{
    /// <summary>The name by which members agree on an assignor.</summary>
    string Name { get; }

    /// <summary>Whether members keep their partitions while a rebalance runs (KIP-429).</summary>
    bool IsCooperative { get; }

    /// <summary>Who gets what. Every member has an entry.</summary>
    /// <param name="members">The members, in any order.</param>
    /// <param name="partitionCounts">The partition counts of the topics that exist.</param>
    IReadOnlyDictionary<string, List<TopicPartition>> Assign(
        IReadOnlyList<AssignmentMember> members, IReadOnlyDictionary<string, int> partitionCounts);
}
