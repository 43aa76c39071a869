using Ottla.Core.Configuration;
using Ottla.Core.Metadata;

namespace Ottla.Core.Controller;

/// <summary>What a decision is based on.</summary>
/// <param name="Image">The metadata with every record applied so far.</param>
/// <param name="Broker">The broker's configuration as given at start, without what was set at run time.</param>
/// <param name="TopicIds">Where ids of new topics come from.</param>
internal sealed record ControllerContext(MetadataImage Image, BrokerConfiguration Broker, ITopicIdSource TopicIds)
{
    /// <summary>The version of the metadata in force, which decides the version of each record.</summary>
    public short MetadataVersion => Image.MetadataVersion;

    /// <summary>The configuration that holds for all brokers: what was given at start under the cluster's default.</summary>
    public BrokerConfiguration ClusterConfiguration() =>
        Broker.WithDynamic(Image.Configs.For(ConfigResource.ClusterDefault), EmptyValues);

    private static IReadOnlyDictionary<string, string> EmptyValues { get; } = new Dictionary<string, string>();
}
