using System.Collections.Immutable;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Metadata;

/// <summary>The topics that one <see cref="MetadataDelta"/> creates, changes and deletes.</summary>
public sealed class TopicsDelta
{
    private readonly TopicsImage _image;
    private readonly Dictionary<TopicId, TopicDelta> _byId = [];
    private readonly Dictionary<string, TopicDelta> _created = new(StringComparer.Ordinal);
    private readonly List<TopicDelta> _changed = [];
    private readonly List<TopicImage> _deleted = [];
    private readonly HashSet<TopicId> _deletedIds = [];

    internal TopicsDelta(TopicsImage image) => _image = image;

    /// <summary>Topics that are new or changed, in the order in which they first changed.</summary>
    public IReadOnlyList<TopicDelta> Changed => _changed;

    /// <summary>Topics that existed before and are gone, in the order of their deletion.</summary>
    public IReadOnlyList<TopicImage> Deleted => _deleted;

    /// <summary>Ids of all topics that are gone, with those that were created in this delta too.</summary>
    public IReadOnlySet<TopicId> DeletedIds => _deletedIds;

    internal void Apply(TopicRecord record)
    {
        TopicId id = new(record.TopicId);
        bool nameIsTaken = _created.ContainsKey(record.Name)
            || (_image.TryFind(record.Name, out TopicImage? existing) && !_deletedIds.Contains(existing.Id));
        if (nameIsTaken || _byId.ContainsKey(id) || _image.ById.ContainsKey(id))
        {
            throw new InvalidMetadataException($"Topic {record.Name} with id {id} is created, but a topic of that name or id exists.");
        }

        TopicDelta delta = new(id, record.Name, previous: null);
        _byId.Add(id, delta);
        _created.Add(record.Name, delta);
        _changed.Add(delta);
    }

    internal void Apply(PartitionRecord record) => GetOrAdd(new TopicId(record.TopicId)).Apply(record);

    internal void Apply(PartitionChangeRecord record) => GetOrAdd(new TopicId(record.TopicId)).Apply(record);

    /// <summary>Removes a topic, and says what it was called.</summary>
    internal string Apply(RemoveTopicRecord record)
    {
        TopicId id = new(record.TopicId);
        TopicDelta delta = GetOrAdd(id);
        _byId.Remove(id);
        _changed.Remove(delta);
        _deletedIds.Add(id);
        if (delta.Previous is { } previous)
        {
            _deleted.Add(previous);
        }
        else
        {
            _created.Remove(delta.Name);
        }

        return delta.Name;
    }

    internal void Apply(ClearElrRecord record)
    {
        foreach (TopicImage topic in _image.ByName.Values)
        {
            if ((record.TopicName.Length == 0 || topic.Name == record.TopicName) && !_deletedIds.Contains(topic.Id))
            {
                GetOrAdd(topic.Id).ClearEligibleLeaders();
            }
        }

        foreach (TopicDelta delta in _changed)
        {
            if (delta.IsNew && (record.TopicName.Length == 0 || delta.Name == record.TopicName))
            {
                delta.ClearEligibleLeaders();
            }
        }
    }

    internal TopicsImage ToImage()
    {
        if (_changed.Count == 0 && _deleted.Count == 0)
        {
            return _image;
        }

        ImmutableSortedDictionary<string, TopicImage>.Builder byName = _image.ByName.ToBuilder();
        ImmutableDictionary<TopicId, TopicImage>.Builder byId = _image.ById.ToBuilder();
        foreach (TopicImage topic in _deleted)
        {
            byName.Remove(topic.Name);
            byId.Remove(topic.Id);
        }

        foreach (TopicDelta delta in _changed)
        {
            TopicImage topic = delta.ToImage();
            byName[topic.Name] = topic;
            byId[topic.Id] = topic;
        }

        return new TopicsImage { ByName = byName.ToImmutable(), ById = byId.ToImmutable() };
    }

    private TopicDelta GetOrAdd(TopicId id)
    {
        if (_byId.TryGetValue(id, out TopicDelta? delta))
        {
            return delta;
        }

        if (!_image.TryFind(id, out TopicImage? topic) || _deletedIds.Contains(id))
        {
            throw new InvalidMetadataException($"A record is about topic id {id}, which does not exist.");
        }

        delta = new TopicDelta(id, topic.Name, topic);
        _byId.Add(id, delta);
        _changed.Add(delta);
        return delta;
    }
}
