namespace Ottla.Broker.Requests.ApiVersions;

/// <summary>The features that the cluster has now.</summary>
/// <param name="Epoch">The metadata offset at which they were read; -1 when there are none.</param>
/// <param name="Features">The features.</param>
internal sealed record ServedFeatures(long Epoch, IReadOnlyList<ServedFeature> Features);
