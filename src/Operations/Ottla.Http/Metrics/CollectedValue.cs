namespace Ottla.Http.Metrics;

/// <summary>One value of an instrument.</summary>
/// <param name="Tags">What it is the value of; empty for the whole broker.</param>
/// <param name="Value">The number.</param>
internal sealed record CollectedValue(IReadOnlyList<KeyValuePair<string, string>> Tags, double Value);
