using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Ottla.Protocol;

namespace Ottla.Core.Metadata;

/// <summary>All topics, by name and by id. Safe to read from any thread.</summary>
public sealed record TopicsImage
{
    /// <summary>No topics.</summary>
    public static TopicsImage Empty { get; } = new();

    /// <summary>Topics by name, in ordinal order, which is the order in which they are listed and paged.</summary>
    public ImmutableSortedDictionary<string, TopicImage> ByName { get; init; } =
        ImmutableSortedDictionary.Create<string, TopicImage>(StringComparer.Ordinal);

    /// <summary>Topics by id.</summary>
    public ImmutableDictionary<TopicId, TopicImage> ById { get; init; } = ImmutableDictionary<TopicId, TopicImage>.Empty;

    /// <summary>Finds a topic by name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out TopicImage? topic) => ByName.TryGetValue(name, out topic);

    /// <summary>Finds a topic by id.</summary>
    public bool TryFind(TopicId id, [NotNullWhen(true)] out TopicImage? topic) => ById.TryGetValue(id, out topic);

    /// <summary>Finds a partition by topic name and index.</summary>
    public PartitionImage? FindPartition(TopicPartition partition) =>
        ByName.TryGetValue(partition.Topic, out TopicImage? topic) ? topic.FindPartition(partition.Partition) : null;
}
