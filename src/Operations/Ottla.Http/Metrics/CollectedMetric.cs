namespace Ottla.Http.Metrics;

/// <summary>One instrument and its values at the moment of a scrape.</summary>
/// <param name="Name">The instrument's name, dotted.</param>
/// <param name="Description">What it measures.</param>
/// <param name="IsCounter">Whether it only ever grows.</param>
/// <param name="Values">Its values, each with its tags in order.</param>
internal sealed record CollectedMetric(string Name, string Description, bool IsCounter, List<CollectedValue> Values);
