using System.Collections.Immutable;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>The records that create partitions.</summary>
internal static class NewPartitions
{
    /// <summary>Partitions that one request may create: more would make one batch of records too large.</summary>
    public const int MaxPerRequest = 10_000;

    /// <summary>The record of a new partition, led by its first replica that is active.</summary>
    public static MetadataRecord Create(MetadataImage image, TopicId topic, int partition, ImmutableArray<BrokerId> replicas)
    {
        ImmutableArray<BrokerId> isr = ManualAssignment.Active(image, replicas);
        PartitionRecord record = new()
        {
            PartitionId = partition,
            TopicId = topic.Value,
            Replicas = [.. replicas.Select(static id => id.Value)],
            Isr = [.. isr.Select(static id => id.Value)],
            Leader = isr[0].Value,
            LeaderEpoch = 0,
            PartitionEpoch = 0,
        };
        if (MetadataVersions.PartitionVersion(image.MetadataVersion) >= 1)
        {
            record.Directories = [.. replicas.Select(id => DirectoryOf(image, id))];
        }

        return MetadataRecord.Of(record, image.MetadataVersion);
    }

    /// <summary>A broker with one log directory puts everything there; one with several says later where it did.</summary>
    private static Guid DirectoryOf(MetadataImage image, BrokerId broker) =>
        image.Brokers.TryGetValue(broker, out BrokerImage? registered) && registered.LogDirectories.Length == 1
            ? registered.LogDirectories[0]
            : DirectoryIds.Unassigned;
}
