namespace Ottla.Core.Metadata;

/// <summary>What a configuration belongs to, numbered as on the wire.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>Not a resource.</summary>
    Unknown = 0,

    /// <summary>A topic, by name.</summary>
    Topic = 2,

    /// <summary>A broker, by node id; the empty name stands for all brokers of the cluster.</summary>
    Broker = 4,

    /// <summary>The log levels of one broker, which are never stored.</summary>
    BrokerLogger = 8,

    /// <summary>A subscription to client metrics (KIP-714).</summary>
    ClientMetrics = 16,

    /// <summary>A group, by id (KIP-848).</summary>
    Group = 32,
}
