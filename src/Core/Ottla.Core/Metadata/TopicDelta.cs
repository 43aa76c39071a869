using System.Collections.Immutable;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Metadata;

/// <summary>What changed in one topic. Owned by one <see cref="MetadataDelta"/> and filled by it.</summary>
public sealed class TopicDelta
{
    private readonly SortedDictionary<int, PartitionImage> _changed = [];

    internal TopicDelta(TopicId id, string name, TopicImage? previous)
    {
        Id = id;
        Name = name;
        Previous = previous;
    }

    /// <summary>The topic's identity.</summary>
    public TopicId Id { get; }

    /// <summary>The topic's name.</summary>
    public string Name { get; }

    /// <summary>The topic before the change; null when the topic is new.</summary>
    public TopicImage? Previous { get; }

    /// <summary>Whether the topic is new.</summary>
    public bool IsNew => Previous is null;

    /// <summary>The partitions that are new or changed, in order of their index.</summary>
    public IReadOnlyCollection<PartitionImage> ChangedPartitions => _changed.Values;

    internal PartitionImage? Find(int partition) =>
        _changed.TryGetValue(partition, out PartitionImage? changed) ? changed : Previous?.FindPartition(new PartitionId(partition));

    internal void Apply(PartitionRecord record) => _changed[record.PartitionId] = PartitionRecords.ToImage(record);

    internal void Apply(PartitionChangeRecord record)
    {
        PartitionImage before = Find(record.PartitionId)
            ?? throw new InvalidMetadataException($"Partition {Name}-{record.PartitionId} changes, but was never created.");
        _changed[record.PartitionId] = PartitionRecords.Change(before, record);
    }

    internal void ClearEligibleLeaders()
    {
        int count = Math.Max(Previous?.Partitions.Length ?? 0, _changed.Count == 0 ? 0 : _changed.Keys.Max() + 1);
        for (int index = 0; index < count; index++)
        {
            if (Find(index) is { } partition && (partition.EligibleLeaderReplicas is not null || partition.LastKnownElr is not null))
            {
                _changed[index] = partition with { EligibleLeaderReplicas = null, LastKnownElr = null, PartitionEpoch = partition.PartitionEpoch + 1 };
            }
        }
    }

    internal TopicImage ToImage()
    {
        ImmutableArray<PartitionImage>.Builder builder = (Previous?.Partitions ?? []).ToBuilder();
        foreach ((int index, PartitionImage partition) in _changed)
        {
            if (index < builder.Count && index >= 0)
            {
                builder[index] = partition;
            }
            else if (index == builder.Count)
            {
                builder.Add(partition);
            }
            else
            {
                throw new InvalidMetadataException($"Topic {Name} has partition {index}, but not partition {builder.Count}.");
            }
        }

        return new TopicImage { Id = Id, Name = Name, Partitions = builder.ToImmutable() };
    }
}
