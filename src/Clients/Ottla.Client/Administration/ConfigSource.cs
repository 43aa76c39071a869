namespace Ottla.Client.Administration;

/// <summary>Where a value of the configuration comes from (KIP-226); the values are those of the wire.</summary>
public enum ConfigSource : sbyte
{
    /// <summary>A source that this client does not know.</summary>
    Unknown = 0,

    /// <summary>Set for the topic.</summary>
    DynamicTopic = 1,

    /// <summary>Set at run time for the broker.</summary>
    DynamicBroker = 2,

    /// <summary>Set at run time for all brokers.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>Set when the broker was started.</summary>
    StaticBroker = 4,

    /// <summary>Built in.</summary>
    Default = 5,

    /// <summary>Set at run time for a broker's logger.</summary>
    DynamicBrokerLogger = 6,

    /// <summary>Set for a client metrics subscription.</summary>
    DynamicClientMetrics = 7,

    /// <summary>Set for the group.</summary>
    DynamicGroup = 8,
}
