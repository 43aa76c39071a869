namespace Ottla.Client.Administration;

/// <summary>How a key is altered (KIP-339); the values are those of the wire.</summary>
public enum ConfigOperation : sbyte
{
    /// <summary>Gives it a value.</summary>
    Set = 0,

    /// <summary>Takes its value away, so that the next source counts.</summary>
    Delete = 1,

    /// <summary>Adds to a list.</summary>
    Append = 2,

    /// <summary>Takes from a list.</summary>
    Subtract = 3,
}
