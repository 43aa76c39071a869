using Ottla.Protocol;

namespace Ottla.Client.Metadata;

/// <summary>One topic as the cluster's metadata has it.</summary>
public sealed record TopicMetadata
{
    /// <summary>The topic's name.</summary>
    public required string Name { get; init; }

    /// <summary>The topic's id (KIP-516); none from brokers older than Kafka 2.8.</summary>
    public required TopicId Id { get; init; }

    /// <summary>Whether the cluster keeps it for itself, as it does <c>__consumer_offsets</c>.</summary>
    public required bool IsInternal { get; init; }

    /// <summary>The partitions, where index and number agree.</summary>
    public required IReadOnlyList<PartitionMetadata> Partitions { get; init; }
}
