using Ottla.Broker.Requests.Partitions;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>Tells a consumer that came to the wrong broker which one leads (KIP-951), and old consumers an error that they know.</summary>
internal static class FetchLeaderHints
{
    private const short FirstVersionWithLeader = 12;
    private const short FirstVersionWithEndpoints = 16;
    private const short LastVersionWithoutStorageError = 5;

    public static void Complete(FetchResponse response, in FetchedPartition fetched, PartitionDirectory partitions, RequestContext context)
    {
        FetchResponse.PartitionData data = fetched.Data;
        if (data.ErrorCode == ErrorCode.KafkaStorageError && context.ApiVersion <= LastVersionWithoutStorageError)
        {
            data.ErrorCode = ErrorCode.NotLeaderOrFollower;
        }

        if (data.ErrorCode is not (ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch)
            || context.ApiVersion < FirstVersionWithLeader
            || fetched.Partition is not { } partition)
        {
            return;
        }

        BrokerId leader = partition.Image.Leader;
        data.CurrentLeader = new FetchResponse.LeaderIdAndEpoch { LeaderId = leader.Value, LeaderEpoch = partition.LeaderEpoch.Value };
        if (context.ApiVersion >= FirstVersionWithEndpoints
            && !response.NodeEndpoints.Exists(node => node.NodeId == leader.Value)
            && partitions.FindBroker(leader, context.Listener) is var (endpoint, rack))
        {
            response.NodeEndpoints.Add(new FetchResponse.NodeEndpoint { NodeId = leader.Value, Host = endpoint.Host, Port = endpoint.Port, Rack = rack });
        }
    }
}
