using System.Collections.Immutable;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Metadata;

/// <summary>
/// Collects records on top of an image and makes the next image from them. Also the answer to "what changed?" for those who follow
/// the metadata. Not thread-safe while it is filled; afterwards it only is read.
/// </summary>
public sealed class MetadataDelta
{
    private readonly ImmutableSortedDictionary<BrokerId, BrokerImage>.Builder _brokers;
    private readonly ImmutableSortedDictionary<int, ControllerImage>.Builder _controllers;
    private readonly ImmutableSortedDictionary<string, short>.Builder _features;
    private readonly ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>>.Builder _configs;
    private readonly HashSet<ConfigResource> _changedConfigs = [];
    private readonly HashSet<BrokerId> _changedBrokers = [];
    private long _nextProducerId;

    /// <summary>Begins with what <paramref name="image"/> says.</summary>
    public MetadataDelta(MetadataImage image)
    {
        Image = image;
        Topics = new TopicsDelta(image.Topics);
        _brokers = image.Brokers.ToBuilder();
        _controllers = image.Controllers.ToBuilder();
        _features = image.Features.ToBuilder();
        _configs = image.Configs.ByResource.ToBuilder();
        _nextProducerId = image.NextProducerId;
    }

    /// <summary>The image before the change.</summary>
    public MetadataImage Image { get; }

    /// <summary>The topics that are created, changed and deleted.</summary>
    public TopicsDelta Topics { get; }

    /// <summary>The resources of which a configuration value was set or removed.</summary>
    public IReadOnlyCollection<ConfigResource> ChangedConfigs => _changedConfigs;

    /// <summary>The brokers that registered, changed or left.</summary>
    public IReadOnlyCollection<BrokerId> ChangedBrokers => _changedBrokers;

    /// <summary>Whether a feature's finalized level changed.</summary>
    public bool FeaturesChanged { get; private set; }

    /// <summary>Adds one record.</summary>
    /// <exception cref="InvalidMetadataException">The record contradicts what the log said before.</exception>
    public void Apply(in MetadataRecord record)
    {
        switch (record.Message)
        {
            case TopicRecord topic:
                Topics.Apply(topic);
                break;
            case PartitionRecord partition:
                Topics.Apply(partition);
                break;
            case PartitionChangeRecord change:
                Topics.Apply(change);
                break;
            case RemoveTopicRecord remove:
                RemoveConfigs(ConfigResource.ForTopic(Topics.Apply(remove)));
                break;
            case ClearElrRecord clear:
                Topics.Apply(clear);
                break;
            case ConfigRecord config:
                Apply(config);
                break;
            case ProducerIdsRecord producerIds:
                Apply(producerIds);
                break;
            case FeatureLevelRecord feature:
                Apply(feature);
                break;
            case NoOpRecord or ZkMigrationStateRecord:
                break;
            default:
                ApplyRegistration(record);
                break;
        }
    }

    /// <summary>The next image, as of the given offset and epoch.</summary>
    public MetadataImage ToImage(long offset, int epoch) => Image with
    {
        Topics = Topics.ToImage(),
        Brokers = _brokers.ToImmutable(),
        Controllers = _controllers.ToImmutable(),
        Configs = _changedConfigs.Count == 0 ? Image.Configs : new ConfigsImage { ByResource = _configs.ToImmutable() },
        Features = _features.ToImmutable(),
        NextProducerId = _nextProducerId,
        Offset = offset,
        Epoch = epoch,
    };

    private void ApplyRegistration(in MetadataRecord record)
    {
        switch (record.Message)
        {
            case RegisterBrokerRecord register:
                SetBroker(BrokerRecords.ToImage(register));
                break;
            case BrokerRegistrationChangeRecord change:
                SetBroker(BrokerRecords.Change(Broker(change.BrokerId, change.BrokerEpoch), change));
                break;
            case FenceBrokerRecord fence:
                SetBroker(Broker(fence.Id, fence.Epoch) with { Fenced = true });
                break;
            case UnfenceBrokerRecord unfence:
                SetBroker(Broker(unfence.Id, unfence.Epoch) with { Fenced = false });
                break;
            case UnregisterBrokerRecord unregister:
                BrokerId removed = Broker(unregister.BrokerId, unregister.BrokerEpoch).Id;
                _brokers.Remove(removed);
                _changedBrokers.Add(removed);
                break;
            case RegisterControllerRecord register:
                _controllers[register.ControllerId] = BrokerRecords.ToImage(register);
                break;
            case UnregisterControllerRecord unregister:
                _controllers.Remove(unregister.ControllerId);
                break;
            default:
                throw new InvalidMetadataException($"A record of type {record.Type} can't be applied.");
        }
    }

    private BrokerImage Broker(int id, long epoch)
    {
        if (!_brokers.TryGetValue(new BrokerId(id), out BrokerImage? broker) || broker.Epoch != epoch)
        {
            throw new InvalidMetadataException($"A record is about broker {id} with epoch {epoch}, which is not registered.");
        }

        return broker;
    }

    private void SetBroker(BrokerImage broker)
    {
        _brokers[broker.Id] = broker;
        _changedBrokers.Add(broker.Id);
    }

    private void Apply(ProducerIdsRecord record)
    {
        if (record.NextProducerId <= _nextProducerId && _nextProducerId != 0)
        {
            throw new InvalidMetadataException($"Producer ids from {record.NextProducerId} are handed out again; the next is {_nextProducerId}.");
        }

        _nextProducerId = record.NextProducerId;
    }

    private void Apply(FeatureLevelRecord record)
    {
        FeaturesChanged = true;
        if (record.FeatureLevel == 0)
        {
            _features.Remove(record.Name);
        }
        else
        {
            _features[record.Name] = record.FeatureLevel;
        }
    }

    private void Apply(ConfigRecord record)
    {
        ConfigResource resource = new((ConfigResourceType)record.ResourceType, record.ResourceName);
        ImmutableSortedDictionary<string, string> values = _configs.TryGetValue(resource, out ImmutableSortedDictionary<string, string>? existing)
            ? existing
            : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        values = record.Value is null ? values.Remove(record.Name) : values.SetItem(record.Name, record.Value);
        _changedConfigs.Add(resource);
        if (values.IsEmpty)
        {
            _configs.Remove(resource);
        }
        else
        {
            _configs[resource] = values;
        }
    }

    private void RemoveConfigs(ConfigResource resource)
    {
        if (_configs.Remove(resource))
        {
            _changedConfigs.Add(resource);
        }
    }
}
