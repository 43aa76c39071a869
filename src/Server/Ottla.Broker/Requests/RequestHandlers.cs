using Ottla.Broker.Requests.ApiVersions;
using Ottla.Broker.Requests.Cluster;
using Ottla.Broker.Requests.Configs;
using Ottla.Broker.Requests.Fetch;
using Ottla.Broker.Requests.Groups;
using Ottla.Broker.Requests.Logs;
using Ottla.Broker.Requests.Metadata;
using Ottla.Broker.Requests.Offsets;
using Ottla.Broker.Requests.Produce;
using Ottla.Broker.Requests.Producers;
using Ottla.Broker.Requests.Security;
using Ottla.Broker.Requests.Topics;
using Ottla.Broker.Requests.Transactions;
using Ottla.Core.Configuration;

namespace Ottla.Broker.Requests;

/// <summary>
/// The one list of what this broker serves. ApiVersions advertises exactly these, and the router knows no others.
/// </summary>
internal static class RequestHandlers
{
    public static IReadOnlyList<ApiHandler> Create(BrokerParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ApiHandler[] handlers =
        [
            new ProduceHandler(parts.PartitionDirectory, new ProducedBatches(parts.TimeProvider, parts.Metrics), parts.TimeProvider),
            new FetchHandler(ToFetchParts(parts)),
            new ListOffsetsHandler(parts.PartitionDirectory),
            new OffsetForLeaderEpochHandler(parts.PartitionDirectory),
            new DeleteRecordsHandler(parts.PartitionDirectory),
            new DescribeLogDirsHandler(parts.LogDirectories, parts.Partitions),
            new InitProducerIdHandler(parts.ProducerIds),
            new DescribeProducersHandler(parts.PartitionDirectory),
            .. CreateForMetadata(parts),
            .. CreateForGroups(parts),
        ];
        return [.. handlers, new ApiVersionsHandler(handlers, parts.Identity)];
    }

    private static ApiHandler[] CreateForMetadata(BrokerParts parts) =>
    [
        new MetadataHandler(parts.Metadata, parts.EffectiveConfiguration, parts.AutoCreation),
        new DescribeClusterHandler(parts.Metadata),
        new DescribeQuorumHandler(parts.Metadata, parts.TimeProvider),
        new UpdateFeaturesHandler(parts.Metadata),
        new CreateTopicsHandler(parts.Metadata),
        new DeleteTopicsHandler(parts.Metadata),
        new CreatePartitionsHandler(parts.Metadata),
        new DescribeTopicPartitionsHandler(parts.Metadata, parts.EffectiveConfiguration),
        new ElectLeadersHandler(parts.Metadata),
        new AlterPartitionReassignmentsHandler(parts.Metadata),
        new ListPartitionReassignmentsHandler(parts.Metadata),
        new DescribeConfigsHandler(parts.Metadata, parts.EffectiveConfiguration, parts.Self),
        new IncrementalAlterConfigsHandler(parts.Metadata),
        new AlterConfigsHandler(parts.Metadata),
        new ListConfigResourcesHandler(parts.Metadata),
        new DescribeAclsHandler(),
        new CreateAclsHandler(),
        new DeleteAclsHandler(),
        new DescribeClientQuotasHandler(),
        new DescribeUserScramCredentialsHandler(),
        new ListTransactionsHandler(),
        new DescribeTransactionsHandler(),
    ];

    private static ApiHandler[] CreateForGroups(BrokerParts parts) =>
    [
        new FindCoordinatorHandler(parts.PartitionDirectory, parts.AutoCreation),
        new JoinGroupHandler(parts.Groups),
        new SyncGroupHandler(parts.Groups),
        new HeartbeatHandler(parts.Groups),
        new LeaveGroupHandler(parts.Groups),
        new OffsetCommitHandler(parts.Groups, parts.PartitionDirectory),
        new OffsetFetchHandler(parts.Groups, new FetchedOffsets(parts.PartitionDirectory)),
        new OffsetDeleteHandler(parts.Groups, parts.PartitionDirectory),
        new ListGroupsHandler(parts.Groups),
        new DescribeGroupsHandler(parts.Groups),
        new DeleteGroupsHandler(parts.Groups),
    ];

    private static FetchParts ToFetchParts(BrokerParts parts) => new()
    {
        Partitions = parts.PartitionDirectory,
        Reader = new FetchReader(parts.PartitionDirectory, new FetchMemory(limitInBytes: -1)),
        Sessions = parts.FetchSessions,
        Metrics = parts.Metrics,
        TimeProvider = parts.TimeProvider,
        MaxResponseBytes = parts.Configuration.Get(NetworkKeys.FetchMaxBytes),
        IsStopping = parts.IsStopping,
    };
}
