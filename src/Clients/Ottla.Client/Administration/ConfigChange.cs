namespace Ottla.Client.Administration;

/// <summary>A change to one key.</summary>
/// <param name="Name">The key.</param>
/// <param name="Operation">What to do to it.</param>
/// <param name="Value">With what; null only for <see cref="ConfigOperation.Delete"/>.</param>
public sealed record ConfigChange(string Name, ConfigOperation Operation, string? Value);
