namespace Ottla.Core.Configuration;

/// <summary>One of the places that could have given a value, in order of precedence.</summary>
/// <param name="Name">The key in that place.</param>
/// <param name="Value">Its value there; null when secret or without one.</param>
/// <param name="Source">The place.</param>
public sealed record ConfigurationSynonym(string Name, string? Value, ConfigurationSource Source);
