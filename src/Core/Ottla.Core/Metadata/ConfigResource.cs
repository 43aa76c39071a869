using Ottla.Protocol;

namespace Ottla.Core.Metadata;

/// <summary>Names one thing that has configuration values.</summary>
/// <param name="Type">Kind of resource.</param>
/// <param name="Name">Topic name, node id in decimal, or the empty string for the default of all brokers.</param>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name)
{
    /// <summary>The values that hold for every broker of the cluster unless a broker has its own.</summary>
    public static ConfigResource ClusterDefault => new(ConfigResourceType.Broker, string.Empty);

    /// <summary>The resource of a topic.</summary>
    public static ConfigResource ForTopic(string name) => new(ConfigResourceType.Topic, name);

    /// <summary>The resource of one broker.</summary>
    public static ConfigResource ForBroker(BrokerId broker) => new(ConfigResourceType.Broker, broker.ToString());
}
