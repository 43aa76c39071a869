using System.Collections.Immutable;
using Ottla.Protocol;

namespace Ottla.Core.Metadata;

/// <summary>A topic and its partitions.</summary>
public sealed record TopicImage
{
    /// <summary>The topic's identity.</summary>
    public required TopicId Id { get; init; }

    /// <summary>The topic's name.</summary>
    public required string Name { get; init; }

    /// <summary>The partitions by index, without gaps.</summary>
    public required ImmutableArray<PartitionImage> Partitions { get; init; }

    /// <summary>Finds a partition by its index.</summary>
    public PartitionImage? FindPartition(PartitionId partition) =>
        (uint)partition.Value < (uint)Partitions.Length ? Partitions[partition.Value] : null;
}
