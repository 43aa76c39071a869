namespace Ottla.Client.Administration;

/// <summary>What a configuration belongs to; the values are those of the wire.</summary>
public enum ConfigResourceKind : sbyte
{
    /// <summary>A topic, by its name.</summary>
    Topic = 2,

    /// <summary>A broker, by its id; an empty name stands for the default of all brokers.</summary>
    Broker = 4,

    /// <summary>A broker's loggers, by its id.</summary>
    BrokerLogger = 8,

    /// <summary>A client metrics subscription (KIP-714).</summary>
    ClientMetrics = 16,

    /// <summary>A group, by its id.</summary>
    Group = 32,
}
