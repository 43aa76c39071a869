namespace Ottla.Coordination.Groups;

/// <summary>Which partition of the offsets topic holds a group: Kafka's rule, which clients and tools rely on.</summary>
public static class GroupPartitioning
{
    /// <summary>The partition of a group: Java's hash of its id, without the sign, modulo the number of partitions.</summary>
    public static int PartitionFor(string groupId, int partitionCount)
    {
        ArgumentNullException.ThrowIfNull(groupId);
        int hash = 0;
        foreach (char character in groupId)
        {
            hash = unchecked((31 * hash) + character);
        }

        // The one hash that has no positive counterpart counts as 0, as in Kafka.
        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitionCount;
    }
}
