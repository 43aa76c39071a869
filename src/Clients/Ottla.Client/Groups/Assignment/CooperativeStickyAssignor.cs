using Ottla.Protocol;

namespace Ottla.Client.Groups.Assignment;

/// <summary>
/// Leaves partitions where they are as far as the balance allows, and moves the others in two steps (KIP-429): a partition that
/// somebody still holds is given to nobody else before its owner has let it go, which the next rebalance shows.
/// </summary>
internal sealed class CooperativeStickyAssignor : IPartitionAssignor
{
    public string Name => "cooperative-sticky";

    public bool IsCooperative => true;

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(
        IReadOnlyList<AssignmentMember> members, IReadOnlyDictionary<string, int> partitionCounts)
    {
        List<AssignmentMember> sorted = AssignmentOrder.Sorted(members);
        Dictionary<string, List<TopicPartition>> shares = AssignmentOrder.EmptyShares(members);
        Dictionary<TopicPartition, string> owners = FindOwners(sorted, partitionCounts);
        GiveBackOwned(sorted, owners, shares);
        GiveOutRest(sorted, partitionCounts, owners, shares);
        Balance(sorted, shares);
        Withhold(owners, shares);
        return shares;
    }

    /// <summary>Who holds what. Where two say so, the one of the later generation does; of one generation, neither.</summary>
    private static Dictionary<TopicPartition, string> FindOwners(
        List<AssignmentMember> members, IReadOnlyDictionary<string, int> partitionCounts)
    {
        var claims = new Dictionary<TopicPartition, (string MemberId, int Generation, bool IsDisputed)>();
        foreach (AssignmentMember member in members)
        {
            foreach (TopicPartition partition in member.Owned)
            {
                bool exists = partitionCounts.TryGetValue(partition.Topic, out int count) && partition.Partition.Value < count;
                if (!exists || !member.Topics.Contains(partition.Topic))
                {
                    continue;
                }

                if (!claims.TryGetValue(partition, out (string MemberId, int Generation, bool IsDisputed) claim) || claim.Generation < member.Generation)
                {
                    claims[partition] = (member.MemberId, member.Generation, false);
                }
                else if (claim.Generation == member.Generation)
                {
                    claims[partition] = claim with { IsDisputed = true };
                }
            }
        }

        return claims.Where(pair => !pair.Value.IsDisputed).ToDictionary(pair => pair.Key, pair => pair.Value.MemberId);
    }

    private static void GiveBackOwned(
        List<AssignmentMember> members, Dictionary<TopicPartition, string> owners, Dictionary<string, List<TopicPartition>> shares)
    {
        foreach (AssignmentMember member in members)
        {
            shares[member.MemberId].AddRange(member.Owned.Where(partition => owners.GetValueOrDefault(partition) == member.MemberId).Distinct());
        }
    }

    private static void GiveOutRest(
        List<AssignmentMember> members,
        IReadOnlyDictionary<string, int> partitionCounts,
        Dictionary<TopicPartition, string> owners,
        Dictionary<string, List<TopicPartition>> shares)
    {
        foreach (string topic in AssignmentOrder.WantedTopics(members, partitionCounts))
        {
            List<AssignmentMember> interested = members.FindAll(member => member.Topics.Contains(topic));
            for (int index = 0; index < partitionCounts[topic]; index++)
            {
                var partition = new TopicPartition(topic, new PartitionId(index));
                if (!owners.ContainsKey(partition))
                {
                    LeastLoaded(interested, shares).Add(partition);
                }
            }
        }
    }

    private static List<TopicPartition> LeastLoaded(List<AssignmentMember> members, Dictionary<string, List<TopicPartition>> shares)
    {
        List<TopicPartition> least = shares[members[0].MemberId];
        foreach (AssignmentMember member in members)
        {
            if (shares[member.MemberId].Count < least.Count)
            {
                least = shares[member.MemberId];
            }
        }

        return least;
    }

    /// <summary>Moves partitions one by one from whoever has most to somebody who wants them and has at least two fewer.</summary>
    private static void Balance(List<AssignmentMember> members, Dictionary<string, List<TopicPartition>> shares)
    {
        while (TryMoveOne(members, shares))
        {
            // Every move makes the shares strictly more even, so this ends.
        }
    }

    private static bool TryMoveOne(List<AssignmentMember> members, Dictionary<string, List<TopicPartition>> shares)
    {
        foreach (AssignmentMember giver in members.OrderByDescending(member => shares[member.MemberId].Count))
        {
            List<TopicPartition> surplus = shares[giver.MemberId];
            for (int index = surplus.Count - 1; index >= 0; index--)
            {
                TopicPartition partition = surplus[index];
                List<TopicPartition> least = LeastLoaded(members.FindAll(member => member.Topics.Contains(partition.Topic)), shares);
                if (least.Count + 1 < surplus.Count)
                {
                    surplus.RemoveAt(index);
                    least.Add(partition);
                    return true;
                }
            }
        }

        return false;
    }

    private static void Withhold(Dictionary<TopicPartition, string> owners, Dictionary<string, List<TopicPartition>> shares)
    {
        foreach ((string memberId, List<TopicPartition> share) in shares)
        {
            share.RemoveAll(partition => owners.TryGetValue(partition, out string? owner) && owner != memberId);
        }
    }
}
