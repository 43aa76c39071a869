namespace Ottla.Core.Configuration;

/// <summary>A key's value as it stands, with where it comes from: what DescribeConfigs tells.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value in force; null when it is secret or there is none.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Synonyms">All places that set it, the one in force first.</param>
public sealed record ConfigurationEntry(
    ConfigurationKey Key,
    string? Value,
    ConfigurationSource Source,
    IReadOnlyList<ConfigurationSynonym> Synonyms);
