namespace Ottla.Core.Groups.Offsets;

/// <summary>The committed offsets of one group by topic and partition. Changed only by applying records.</summary>
internal sealed class GroupOffsets
{
    private readonly Dictionary<string, Dictionary<int, CommittedOffset>> _byTopic = new(StringComparer.Ordinal);

    public bool IsEmpty => _byTopic.Count == 0;

    public bool TryGet(string topic, int partition, out CommittedOffset offset)
    {
        offset = default;
        return _byTopic.TryGetValue(topic, out Dictionary<int, CommittedOffset>? partitions) && partitions.TryGetValue(partition, out offset);
    }

    public void Set(string topic, int partition, CommittedOffset offset)
    {
        if (!_byTopic.TryGetValue(topic, out Dictionary<int, CommittedOffset>? partitions))
        {
            partitions = [];
            _byTopic.Add(topic, partitions);
        }

        partitions[partition] = offset;
    }

    public void Remove(string topic, int partition)
    {
        if (_byTopic.TryGetValue(topic, out Dictionary<int, CommittedOffset>? partitions)
            && partitions.Remove(partition)
            && partitions.Count == 0)
        {
            _byTopic.Remove(topic);
        }
    }

    /// <summary>The topics in ordinal order: what leaves the machine does not depend on hash order.</summary>
    public IEnumerable<string> Topics() => _byTopic.Keys.Order(StringComparer.Ordinal);

    /// <summary>The partitions of a topic in order.</summary>
    public IEnumerable<KeyValuePair<int, CommittedOffset>> Partitions(string topic) =>
        _byTopic.TryGetValue(topic, out Dictionary<int, CommittedOffset>? partitions)
            ? partitions.OrderBy(static partition => partition.Key)
            : [];
}
