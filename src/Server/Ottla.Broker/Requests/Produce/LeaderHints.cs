using Ottla.Broker.Requests.Partitions;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Produce;

/// <summary>Tells a producer that came to the wrong broker which one leads (KIP-951), and old producers an error that they know.</summary>
internal static class LeaderHints
{
    private const short FirstVersionWithHints = 10;
    private const short LastVersionWithoutStorageError = 3;

    public static void Complete(
        ProduceResponse response,
        ProduceResponse.TopicProduceResponse topic,
        ProduceResponse.PartitionProduceResponse partition,
        PartitionDirectory partitions,
        RequestContext context)
    {
        if (partition.ErrorCode == ErrorCode.KafkaStorageError && context.ApiVersion <= LastVersionWithoutStorageError)
        {
            partition.ErrorCode = ErrorCode.NotLeaderOrFollower;
        }

        if (partition.ErrorCode is not (ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch) || context.ApiVersion < FirstVersionWithHints)
        {
            return;
        }

        TopicsImage topics = partitions.Metadata.Topics;
        bool isKnown = topic.Name.Length > 0 ? topics.TryFind(topic.Name, out TopicImage? image) : topics.TryFind(new TopicId(topic.TopicId), out image);
        if (isKnown && image!.FindPartition(new PartitionId(partition.Index)) is { } known) // TryFind found it
        {
            partition.CurrentLeader = new ProduceResponse.LeaderIdAndEpoch { LeaderId = known.Leader.Value, LeaderEpoch = known.LeaderEpoch.Value };
            AddEndpoint(response, known.Leader, partitions, context);
        }
    }

    private static void AddEndpoint(ProduceResponse response, BrokerId leader, PartitionDirectory partitions, RequestContext context)
    {
        if (partitions.FindBroker(leader, context.Listener) is not var (endpoint, rack) || response.NodeEndpoints.Exists(node => node.NodeId == leader.Value))
        {
            return;
        }

        response.NodeEndpoints.Add(new ProduceResponse.NodeEndpoint { NodeId = leader.Value, Host = endpoint.Host, Port = endpoint.Port, Rack = rack });
    }
}
