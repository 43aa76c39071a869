using System.Collections.Immutable;
using Ottla.Core.Metadata;
using Ottla.Protocol;

namespace Ottla.Broker.Requests.Metadata;

/// <summary>What a client on one listener sees of a partition.</summary>
internal static class PartitionView
{
    /// <summary>The error that the partition's entry carries: there is no leader, or none that this listener can reach.</summary>
    public static ErrorCode ErrorOf(MetadataImage image, PartitionImage partition, string listener, bool knowsListenerError)
    {
        if (!image.Brokers.TryGetValue(partition.Leader, out BrokerImage? leader) || !leader.IsActive)
        {
            return ErrorCode.LeaderNotAvailable;
        }

        if (leader.FindEndpoint(listener) is not null)
        {
            return ErrorCode.None;
        }

        return knowsListenerError ? ErrorCode.ListenerNotFound : ErrorCode.LeaderNotAvailable;
    }

    /// <summary>The ids as a response has them.</summary>
    public static List<int> Ids(ImmutableArray<BrokerId> brokers)
    {
        List<int> ids = new(brokers.Length);
        foreach (BrokerId broker in brokers)
        {
            ids.Add(broker.Value);
        }

        return ids;
    }

    /// <summary>Those replicas whose broker is not there.</summary>
    public static List<int> Offline(MetadataImage image, PartitionImage partition)
    {
        List<int> ids = [];
        foreach (BrokerId replica in partition.Replicas)
        {
            if (!image.Brokers.TryGetValue(replica, out BrokerImage? broker) || !broker.IsActive)
            {
                ids.Add(replica.Value);
            }
        }

        return ids;
    }
}
