using Ottla.Protocol;

namespace Ottla.Client.Groups.Assignment;

/// <summary>
/// Gives every member a run of neighbouring partitions of each topic, the first members one more where it does not divide evenly.
/// Topics with equal partition counts are therefore split alike.
/// </summary>
internal sealed class RangeAssignor : IPartitionAssignor
{
    public string Name => "range";

    public bool IsCooperative => false;

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(
        IReadOnlyList<AssignmentMember> members, IReadOnlyDictionary<string, int> partitionCounts)
    {
        List<AssignmentMember> sorted = AssignmentOrder.Sorted(members);
        Dictionary<string, List<TopicPartition>> shares = AssignmentOrder.EmptyShares(members);
        foreach (string topic in AssignmentOrder.WantedTopics(members, partitionCounts))
        {
            List<AssignmentMember> interested = sorted.FindAll(member => member.Topics.Contains(topic));
            int perMember = partitionCounts[topic] / interested.Count;
            int withOneMore = partitionCounts[topic] % interested.Count;
            int next = 0;
            for (int index = 0; index < interested.Count; index++)
            {
                int count = perMember + (index < withOneMore ? 1 : 0);
                for (int taken = 0; taken < count; taken++)
                {
                    shares[interested[index].MemberId].Add(new TopicPartition(topic, new PartitionId(next++)));
                }
            }
        }

        return shares;
    }
}
