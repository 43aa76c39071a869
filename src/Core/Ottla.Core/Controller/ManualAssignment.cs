using System.Collections.Immutable;
using Ottla.Core.Metadata;
using Ottla.Protocol;

namespace Ottla.Core.Controller;

/// <summary>Checks the replicas that a request names for one partition.</summary>
internal static class ManualAssignment
{
    /// <summary>Says what is wrong with <paramref name="brokerIds"/>; null when they can be the replicas of a partition.</summary>
    /// <param name="image">The brokers.</param>
    /// <param name="brokerIds">The replicas, the first one preferred.</param>
    /// <param name="replicationFactor">How many there must be; null when any number will do.</param>
    public static RequestProblem? Check(MetadataImage image, List<int> brokerIds, int? replicationFactor)
    {
        if (brokerIds.Count == 0)
        {
            return Problem("The manual partition assignment includes an empty replica list.");
        }

        HashSet<int> seen = [];
        foreach (int id in brokerIds.Order())
        {
            if (!image.Brokers.ContainsKey(new BrokerId(id)))
            {
                return Problem($"The manual partition assignment includes broker {id}, but no such broker is registered.");
            }

            if (!seen.Add(id))
            {
                return Problem($"The manual partition assignment includes the broker {id} more than once.");
            }
        }

        return replicationFactor is { } factor && factor != brokerIds.Count
            ? Problem($"The manual partition assignment includes a partition with {brokerIds.Count} replica(s), but this is not consistent with previous partitions, which have {factor} replica(s).")
            : null;
    }

    /// <summary>Those of the replicas that can be in sync now.</summary>
    public static ImmutableArray<BrokerId> Active(MetadataImage image, ImmutableArray<BrokerId> replicas) =>
        [.. replicas.Where(id => image.Brokers.TryGetValue(id, out BrokerImage? broker) && broker.IsActive)];

    private static RequestProblem Problem(string message) => new(ErrorCode.InvalidReplicaAssignment, message);
}
