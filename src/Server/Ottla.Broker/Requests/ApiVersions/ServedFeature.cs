namespace Ottla.Broker.Requests.ApiVersions;

/// <summary>One feature of the cluster (KIP-584).</summary>
/// <param name="Name">Its name, such as <c>metadata.version</c>.</param>
/// <param name="LowestLevel">The lowest level that this broker can serve.</param>
/// <param name="HighestLevel">The highest one.</param>
/// <param name="FinalizedLevel">The level that the cluster uses; 0 when it is switched off.</param>
internal readonly record struct ServedFeature(string Name, short LowestLevel, short HighestLevel, short FinalizedLevel);
