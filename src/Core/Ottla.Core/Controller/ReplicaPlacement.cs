using System.Collections.Immutable;
using Ottla.Core.Metadata;
using Ottla.Protocol;

namespace Ottla.Core.Controller;

/// <summary>
/// Spreads the replicas of new partitions: round robin over the brokers that can take some, whose order alternates between racks, so
/// that the copies of a partition lie in as many racks as there are (KIP-36).
/// </summary>
internal static class ReplicaPlacement
{
    /// <summary>How many brokers can take replicas.</summary>
    public static int CountUsable(MetadataImage image) => image.Brokers.Values.Count(static broker => broker.IsActive);

    /// <summary>Says why <paramref name="replicationFactor"/> copies can't be placed; null when they can.</summary>
    public static RequestProblem? Check(MetadataImage image, int replicationFactor)
    {
        int usable = CountUsable(image);
        if (replicationFactor <= usable)
        {
            return null;
        }

        string reason = usable == 0
            ? "All brokers are currently fenced or in controlled shutdown."
            : $"The target replication factor of {replicationFactor} cannot be reached because only {usable} broker(s) are registered or some brokers have all their log directories cordoned.";
        return new RequestProblem(
            ErrorCode.InvalidReplicationFactor,
            $"Unable to replicate the partition {replicationFactor} time(s): {reason}");
    }

    /// <summary>The replicas of <paramref name="count"/> partitions; <see cref="Check"/> has found that they can be placed.</summary>
    /// <param name="image">The brokers.</param>
    /// <param name="count">How many partitions.</param>
    /// <param name="replicationFactor">How many replicas each.</param>
    /// <param name="rotation">Shifts the first leader, so that topics of one partition do not all lie on the same broker.</param>
    public static List<ImmutableArray<BrokerId>> Place(MetadataImage image, int count, int replicationFactor, int rotation)
    {
        BrokerId[] order = AlternateRacks(image);
        List<ImmutableArray<BrokerId>> result = new(count);
        for (int partition = 0; partition < count; partition++)
        {
            ImmutableArray<BrokerId>.Builder replicas = ImmutableArray.CreateBuilder<BrokerId>(replicationFactor);
            for (int replica = 0; replica < replicationFactor; replica++)
            {
                replicas.Add(order[(int)(((long)rotation + partition + replica) % order.Length)]);
            }

            result.Add(replicas.MoveToImmutable());
        }

        return result;
    }

    private static BrokerId[] AlternateRacks(MetadataImage image)
    {
        List<Queue<BrokerId>> racks = [.. image.Brokers.Values
            .Where(static broker => broker.IsActive)
            .GroupBy(static broker => broker.Rack ?? string.Empty, StringComparer.Ordinal)
            .OrderBy(static rack => rack.Key, StringComparer.Ordinal)
            .Select(static rack => new Queue<BrokerId>(rack.Select(static broker => broker.Id)))];
        List<BrokerId> order = [];
        while (racks.Count > 0)
        {
            foreach (Queue<BrokerId> rack in racks)
            {
                order.Add(rack.Dequeue());
            }

            racks.RemoveAll(static rack => rack.Count == 0);
        }

        return [.. order];
    }
}
