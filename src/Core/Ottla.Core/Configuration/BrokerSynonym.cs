namespace Ottla.Core.Configuration;

/// <summary>A broker key that gives the default of a topic key.</summary>
/// <param name="Key">The broker key.</param>
/// <param name="Factor">What its value is multiplied by: 3,600,000 for hours that become milliseconds, else 1.</param>
public sealed record BrokerSynonym(ConfigurationKey Key, long Factor = 1);
