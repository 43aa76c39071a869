using Ottla.Protocol;

namespace Ottla.Replication.Partitions;

/// <summary>The partitions of one topic that this broker keeps. Immutable; a change of the topic makes another.</summary>
public sealed class TopicPartitions
{
    private readonly Partition?[] _partitions;

    internal TopicPartitions(string name, TopicId id, Partition?[] partitions)
    {
        Name = name;
        Id = id;
        _partitions = partitions;
    }

    /// <summary>The topic's name.</summary>
    public string Name { get; }

    /// <summary>The topic's identity.</summary>
    public TopicId Id { get; }

    /// <summary>The partitions in order of their index, without those that this broker does not keep or could not open.</summary>
    public IEnumerable<Partition> Partitions => _partitions.OfType<Partition>();

    /// <summary>How many partitions the topic has, with those that could not be opened.</summary>
    public int Count => _partitions.Length;

    /// <summary>The partition of an index, or null.</summary>
    public Partition? Find(int partition) => (uint)partition < (uint)_partitions.Length ? _partitions[partition] : null;

    internal TopicPartitions With(IReadOnlyList<(int Index, Partition? Partition)> added)
    {
        var partitions = new Partition?[Math.Max(added.Max(static pair => pair.Index) + 1, _partitions.Length)];
        _partitions.CopyTo(partitions, 0);
        foreach ((int index, Partition? partition) in added)
        {
            partitions[index] = partition;
        }

        return new TopicPartitions(Name, Id, partitions);
    }
}
