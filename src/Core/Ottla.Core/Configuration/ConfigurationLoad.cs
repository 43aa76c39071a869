namespace Ottla.Core.Configuration;

/// <summary>What came of the settings given at start.</summary>
/// <param name="Configuration">The configuration; null when there are errors.</param>
/// <param name="Errors">One sentence for each wrong setting, naming key, value and what is allowed.</param>
/// <param name="Warnings">One sentence for each setting without effect.</param>
public sealed record ConfigurationLoad(BrokerConfiguration? Configuration, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings);
