using Ottla.Broker.Metrics;
using Ottla.Broker.Requests.Partitions;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>What <see cref="FetchHandler"/> is made of.</summary>
internal sealed record FetchParts
{
    public required PartitionDirectory Partitions { get; init; }

    public required FetchReader Reader { get; init; }

    public required FetchSessionCache Sessions { get; init; }

    public required BrokerMetrics Metrics { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    /// <summary><c>fetch.max.bytes</c>.</summary>
    public required int MaxResponseBytes { get; init; }

    /// <summary>Whether the broker is on its way down, so that nobody should wait any more.</summary>
    public required Func<bool> IsStopping { get; init; }
}
