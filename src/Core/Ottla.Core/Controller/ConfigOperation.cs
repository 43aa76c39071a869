namespace Ottla.Core.Controller;

/// <summary>What IncrementalAlterConfigs does to one key (KIP-339).</summary>
internal enum ConfigOperation : sbyte
{
    /// <summary>Sets the value.</summary>
    Set = 0,

    /// <summary>Removes what is set, so that the default holds again.</summary>
    Delete = 1,

    /// <summary>Adds entries to a list.</summary>
    Append = 2,

    /// <summary>Removes entries from a list.</summary>
    Subtract = 3,
}
