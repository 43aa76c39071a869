using Ottla.Broker.Requests.ApiVersions;
using Ottla.Broker.Requests.Fetch;
using Ottla.Broker.Requests.Logs;
using Ottla.Broker.Requests.Offsets;
using Ottla.Broker.Requests.Produce;
using Ottla.Broker.Requests.Producers;
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
        ];
        return [.. handlers, new ApiVersionsHandler(handlers, parts.Identity)];
    }

    private static FetchParts ToFetchParts(BrokerParts parts) => new()
    {
        Partitions = parts.PartitionDirectory,
        Reader = new FetchReader(parts.PartitionDirectory),
        Sessions = parts.FetchSessions,
        Metrics = parts.Metrics,
        TimeProvider = parts.TimeProvider,
        MaxResponseBytes = parts.Configuration.Get(NetworkKeys.FetchMaxBytes),
        IsStopping = parts.IsStopping,
    };
}
