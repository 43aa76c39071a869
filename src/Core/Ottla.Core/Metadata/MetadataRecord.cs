using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Metadata;

/// <summary>One record of the metadata log: its type, the version in which it is written, and its message.</summary>
/// <param name="Type">Which record it is.</param>
/// <param name="Version">The message's version.</param>
/// <param name="Message">The content, of the type that <paramref name="Type"/> says; not changed after it was put here.</param>
public readonly record struct MetadataRecord(MetadataRecordType Type, short Version, IMessage Message)
{
    /// <summary>A broker registers.</summary>
    public static MetadataRecord Of(RegisterBrokerRecord message, short metadataVersion) =>
        new(MetadataRecordType.RegisterBroker, MetadataVersions.RegisterBrokerVersion(metadataVersion), message);

    /// <summary>A broker's registration changes.</summary>
    public static MetadataRecord Of(BrokerRegistrationChangeRecord message, short metadataVersion) =>
        new(MetadataRecordType.BrokerRegistrationChange, MetadataVersions.BrokerRegistrationChangeVersion(metadataVersion), message);

    /// <summary>A controller registers.</summary>
    public static MetadataRecord Of(RegisterControllerRecord message) => new(MetadataRecordType.RegisterController, 0, message);

    /// <summary>A topic is created.</summary>
    public static MetadataRecord Of(TopicRecord message) => new(MetadataRecordType.Topic, 0, message);

    /// <summary>A partition is created.</summary>
    public static MetadataRecord Of(PartitionRecord message, short metadataVersion) =>
        new(MetadataRecordType.Partition, MetadataVersions.PartitionVersion(metadataVersion), message);

    /// <summary>A partition changes.</summary>
    public static MetadataRecord Of(PartitionChangeRecord message, short metadataVersion) =>
        new(MetadataRecordType.PartitionChange, MetadataVersions.PartitionChangeVersion(metadataVersion), message);

    /// <summary>A topic is deleted.</summary>
    public static MetadataRecord Of(RemoveTopicRecord message) => new(MetadataRecordType.RemoveTopic, 0, message);

    /// <summary>A configuration value is set or removed.</summary>
    public static MetadataRecord Of(ConfigRecord message) => new(MetadataRecordType.Config, 0, message);

    /// <summary>A feature gets a level.</summary>
    public static MetadataRecord Of(FeatureLevelRecord message) => new(MetadataRecordType.FeatureLevel, 0, message);

    /// <summary>A block of producer ids is handed out.</summary>
    public static MetadataRecord Of(ProducerIdsRecord message) => new(MetadataRecordType.ProducerIds, 0, message);
}
