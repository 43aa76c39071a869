using System.Collections.Immutable;
using Ottla.Protocol;

namespace Ottla.Core.Metadata;

/// <summary>
/// Everything the metadata log says, as of one offset. Immutable: readers on any thread take the current reference once and read
/// it without a lock; the next image shares whatever did not change.
/// </summary>
public sealed record MetadataImage
{
    /// <summary>The cluster's id, 22 characters in Kafka's text form.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The topics and their partitions.</summary>
    public TopicsImage Topics { get; init; } = TopicsImage.Empty;

    /// <summary>The registered brokers by node id.</summary>
    public ImmutableSortedDictionary<BrokerId, BrokerImage> Brokers { get; init; } =
        ImmutableSortedDictionary.Create<BrokerId, BrokerImage>(BrokerIdOrder.Instance);

    /// <summary>The registered controllers by node id.</summary>
    public ImmutableSortedDictionary<int, ControllerImage> Controllers { get; init; } = ImmutableSortedDictionary<int, ControllerImage>.Empty;

    /// <summary>The configuration values that were set at run time.</summary>
    public ConfigsImage Configs { get; init; } = ConfigsImage.Empty;

    /// <summary>The finalized level of each feature that has one above 0.</summary>
    public ImmutableSortedDictionary<string, short> Features { get; init; } =
        ImmutableSortedDictionary.Create<string, short>(StringComparer.Ordinal);

    /// <summary>The first producer id that was never handed out.</summary>
    public long NextProducerId { get; init; }

    /// <summary>The offset of the last record that is part of this image; -1 before the first.</summary>
    public long Offset { get; init; } = -1;

    /// <summary>The controller epoch in which that record was written.</summary>
    public int Epoch { get; init; }

    /// <summary>The finalized metadata.version, the lowest that this release reads when none is finalized.</summary>
    public short MetadataVersion => Features.TryGetValue(MetadataVersions.FeatureName, out short level) ? level : MetadataVersions.Minimum;

    /// <summary>The image of a cluster that has no records yet.</summary>
    public static MetadataImage Empty(string clusterId) => new() { ClusterId = clusterId };
}
