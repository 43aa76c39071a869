namespace Ottla.Core.Metadata;

/// <summary>The levels of a feature that a node can run at (KIP-584).</summary>
/// <param name="Name">The feature's name, such as <c>metadata.version</c>.</param>
/// <param name="MinVersion">Lowest level, 0 when the feature can be off.</param>
/// <param name="MaxVersion">Highest level.</param>
public sealed record SupportedFeature(string Name, short MinVersion, short MaxVersion);
