using System.Collections.Concurrent;
using Ottla.Coordination.Metadata;
using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Metadata;

/// <summary>
/// Creates topics that somebody asked about, with the broker's defaults. It does not wait: as Kafka does, the request that asked is
/// answered that the topic is unknown, and the client finds it when it asks again. Thread-safe.
/// </summary>
internal sealed class TopicAutoCreation
{
    private const int MaxInFlight = 1000;
    private readonly MetadataHost _metadata;
    private readonly EffectiveConfiguration _configuration;
    private readonly ConcurrentDictionary<string, bool> _inFlight = new(StringComparer.Ordinal);

    /// <param name="metadata">Where topics are created.</param>
    /// <param name="configuration">Gives the shape of internal topics.</param>
    public TopicAutoCreation(MetadataHost metadata, EffectiveConfiguration configuration)
    {
        _metadata = metadata;
        _configuration = configuration;
    }

    /// <summary>Begins to create a topic of a valid name; nothing happens when that is under way already.</summary>
    public void Begin(string name)
    {
        if (_inFlight.Count < MaxInFlight && _inFlight.TryAdd(name, true))
        {
            _ = CreateAsync(name);
        }
    }

    private async Task CreateAsync(string name)
    {
        try
        {
            CreateTopicsRequest request = new() { Topics = [Describe(name)] };
            // What becomes of it, the client learns from its next question; a refusal means that it stays unknown.
            _ = await _metadata.CreateTopicsAsync(request, TopicNames.IsInternal(name), CancellationToken.None);
        }
        finally
        {
            _inFlight.TryRemove(name, out _);
        }
    }

    private CreateTopicsRequest.CreatableTopic Describe(string name)
    {
        CreateTopicsRequest.CreatableTopic topic = new() { Name = name, NumPartitions = -1, ReplicationFactor = -1 };
        if (name == TopicNames.ConsumerOffsets)
        {
            BrokerConfiguration configuration = _configuration.Under(_metadata.Current);
            topic.NumPartitions = configuration.Get(GroupKeys.OffsetsTopicNumPartitions);
            topic.ReplicationFactor = configuration.Get(GroupKeys.OffsetsTopicReplicationFactor);
            topic.Configs =
            [
                new CreateTopicsRequest.CreatableTopicConfig { Name = "cleanup.policy", Value = "compact" },
                new CreateTopicsRequest.CreatableTopicConfig { Name = "compression.type", Value = "producer" },
                new CreateTopicsRequest.CreatableTopicConfig
                {
                    Name = "segment.bytes",
                    Value = configuration.Get(GroupKeys.OffsetsTopicSegmentBytes).ToString(System.Globalization.CultureInfo.InvariantCulture),
                },
            ];
        }

        return topic;
    }
}
