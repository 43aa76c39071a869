using Ottla.Protocol;

namespace Ottla.Client.Groups.Assignment;

/// <summary>Deals the partitions of all topics out in turn to the members that want the topic.</summary>
internal sealed class RoundRobinAssignor : IPartitionAssignor
{
    public string Name => "roundrobin";

    public bool IsCooperative => false;

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(
        IReadOnlyList<AssignmentMember> members, IReadOnlyDictionary<string, int> partitionCounts)
    {
        List<AssignmentMember> sorted = AssignmentOrder.Sorted(members);
        Dictionary<string, List<TopicPartition>> shares = AssignmentOrder.EmptyShares(members);
        int turn = 0;
        foreach (string topic in AssignmentOrder.WantedTopics(members, partitionCounts))
        {
            for (int partition = 0; partition < partitionCounts[topic]; partition++)
            {
                while (!sorted[turn].Topics.Contains(topic))
                {
                    turn = (turn + 1) % sorted.Count;
                }

                shares[sorted[turn].MemberId].Add(new TopicPartition(topic, new PartitionId(partition)));
                turn = (turn + 1) % sorted.Count;
            }
        }

        return shares;
    }
}
