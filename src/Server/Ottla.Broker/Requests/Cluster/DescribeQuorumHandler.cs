// DescribeQuorum 0-2.
// 0 (KIP-836); 1 adds fetch times; 2 adds directory ids, error messages and where the voters listen (KIP-853).
// Errors: UNKNOWN_TOPIC_OR_PARTITION for anything but the metadata log, CLUSTER_AUTHORIZATION_FAILED.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Cluster;

/// <summary>Tells who keeps the metadata log: this node, its one voter.</summary>
internal sealed class DescribeQuorumHandler : RequestHandler<DescribeQuorumRequest, DescribeQuorumResponse>
{
    private readonly MetadataHost _metadata;
    private readonly TimeProvider _timeProvider;

    /// <param name="metadata">The metadata log's host.</param>
    /// <param name="timeProvider">The wall clock.</param>
    public DescribeQuorumHandler(MetadataHost metadata, TimeProvider timeProvider)
    {
        _metadata = metadata;
        _timeProvider = timeProvider;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<DescribeQuorumResponse?> HandleAsync(
        DescribeQuorumRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        // As in Kafka, who asks about anything else as well is told of nothing.
        bool isMetadataLog = request.Topics is [{ TopicName: TopicNames.ClusterMetadata, Partitions: [{ PartitionIndex: 0 }] }];
        DescribeQuorumResponse response = new();
        foreach (DescribeQuorumRequest.TopicData topic in request.Topics)
        {
            DescribeQuorumResponse.TopicData described = new() { TopicName = topic.TopicName };
            foreach (DescribeQuorumRequest.PartitionData partition in topic.Partitions)
            {
                described.Partitions.Add(isMetadataLog
                    ? Describe()
                    : new DescribeQuorumResponse.PartitionData
                    {
                        PartitionIndex = partition.PartitionIndex,
                        ErrorCode = ErrorCode.UnknownTopicOrPartition,
                        ErrorMessage = "This server does not host this topic-partition.",
                    });
            }

            response.Topics.Add(described);
        }

        if (context.ApiVersion >= 2)
        {
            AddVoters(response);
        }

        return new ValueTask<DescribeQuorumResponse?>(response);
    }

    /// <inheritdoc/>
    protected override DescribeQuorumResponse? FailAll(DescribeQuorumRequest request, ErrorCode error, RequestContext context) =>
        new() { ErrorCode = error };

    private DescribeQuorumResponse.PartitionData Describe()
    {
        IMetadataLog log = _metadata.Log;
        long now = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        return new DescribeQuorumResponse.PartitionData
        {
            LeaderId = log.CurrentController.Value,
            LeaderEpoch = log.Epoch,
            HighWatermark = log.CommittedOffset,
            CurrentVoters =
            [
                new DescribeQuorumResponse.ReplicaState
                {
                    ReplicaId = log.CurrentController.Value,
                    LogEndOffset = log.EndOffset,
                    LastFetchTimestamp = now,
                    LastCaughtUpTimestamp = now,
                },
            ],
        };
    }

    /// <summary>The voter has no listener for controllers; it is reached where its broker is.</summary>
    private void AddVoters(DescribeQuorumResponse response)
    {
        BrokerId voter = _metadata.Log.CurrentController;
        if (_metadata.Current.Brokers.TryGetValue(voter, out BrokerImage? broker))
        {
            response.Nodes.Add(new DescribeQuorumResponse.Node
            {
                NodeId = voter.Value,
                Listeners =
                [
                    .. broker.Endpoints.Select(static endpoint => new DescribeQuorumResponse.Listener
                    {
                        Name = endpoint.Listener,
                        Host = endpoint.Host,
                        Port = (ushort)endpoint.Port,
                    }),
                ],
            });
        }
    }
}
