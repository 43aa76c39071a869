using System.Collections.Immutable;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Metadata;

/// <summary>The records of a snapshot: applied to an empty image they give the image again, and equal images give equal records.</summary>
public static class MetadataImageRecords
{
    /// <summary>All records of an image, in an order that depends on nothing but its content.</summary>
    public static IEnumerable<MetadataRecord> ToRecords(MetadataImage image)
    {
        // metadata.version comes first: it says in which versions the rest is written.
        if (image.Features.TryGetValue(MetadataVersions.FeatureName, out short metadataVersion))
        {
            yield return Feature(MetadataVersions.FeatureName, metadataVersion);
        }

        foreach ((string name, short level) in image.Features)
        {
            if (name != MetadataVersions.FeatureName)
            {
                yield return Feature(name, level);
            }
        }

        foreach (ControllerImage controller in image.Controllers.Values)
        {
            yield return MetadataRecord.Of(BrokerRecords.ToRecord(controller));
        }

        foreach (BrokerImage broker in image.Brokers.Values)
        {
            yield return MetadataRecord.Of(BrokerRecords.ToRecord(broker, image.MetadataVersion), image.MetadataVersion);
        }

        foreach (MetadataRecord record in TopicRecords(image).Concat(ConfigRecords(image.Configs)))
        {
            yield return record;
        }

        if (image.NextProducerId > 0)
        {
            yield return MetadataRecord.Of(new ProducerIdsRecord { BrokerId = -1, BrokerEpoch = -1, NextProducerId = image.NextProducerId });
        }
    }

    private static MetadataRecord Feature(string name, short level) =>
        MetadataRecord.Of(new FeatureLevelRecord { Name = name, FeatureLevel = level });

    private static IEnumerable<MetadataRecord> TopicRecords(MetadataImage image)
    {
        short version = image.MetadataVersion;
        foreach (TopicImage topic in image.Topics.ByName.Values)
        {
            yield return MetadataRecord.Of(new TopicRecord { Name = topic.Name, TopicId = topic.Id.Value });
            foreach (PartitionImage partition in topic.Partitions)
            {
                PartitionRecord record = PartitionRecords.ToRecord(topic.Id, partition);
                if (MetadataVersions.PartitionVersion(version) < 1)
                {
                    record.Directories = [];
                }

                yield return MetadataRecord.Of(record, version);
            }
        }
    }

    private static IEnumerable<MetadataRecord> ConfigRecords(ConfigsImage configs)
    {
        IEnumerable<KeyValuePair<ConfigResource, ImmutableSortedDictionary<string, string>>> ordered = configs.ByResource
            .OrderBy(entry => entry.Key.Type)
            .ThenBy(entry => entry.Key.Name, StringComparer.Ordinal);
        foreach ((ConfigResource resource, ImmutableSortedDictionary<string, string> values) in ordered)
        {
            foreach ((string name, string value) in values)
            {
                yield return MetadataRecord.Of(new ConfigRecord
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Name = name,
                    Value = value,
                });
            }
        }
    }
}
