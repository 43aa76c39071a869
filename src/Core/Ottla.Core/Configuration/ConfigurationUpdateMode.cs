namespace Ottla.Core.Configuration;

/// <summary>Whether a broker key can be changed while the broker runs.</summary>
public enum ConfigurationUpdateMode
{
    /// <summary>Only by a restart.</summary>
    ReadOnly,

    /// <summary>On one broker.</summary>
    PerBroker,

    /// <summary>On one broker or for all of them.</summary>
    ClusterWide,
}
