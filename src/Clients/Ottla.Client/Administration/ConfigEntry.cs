namespace Ottla.Client.Administration;

/// <summary>One key of a configuration.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">Its value; null where it has none or is secret.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="IsReadOnly">Whether it cannot be altered at run time.</param>
/// <param name="IsSensitive">Whether its value is secret.</param>
/// <param name="Documentation">What the broker says of it, if it was asked to.</param>
public sealed record ConfigEntry(
    string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive, string? Documentation);
