namespace Ottla.Core.Configuration;

/// <summary>Where a configuration value comes from; the numbers are those of DescribeConfigs on the wire.</summary>
public enum ConfigurationSource : sbyte
{
    /// <summary>Set on the topic.</summary>
    Topic = 1,

    /// <summary>Set at run time on one broker.</summary>
    DynamicBroker = 2,

    /// <summary>Set at run time for all brokers.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>Set in the properties file, the environment or on the command line.</summary>
    StaticBroker = 4,

    /// <summary>Not set anywhere.</summary>
    Default = 5,
}
