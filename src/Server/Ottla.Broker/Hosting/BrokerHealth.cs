namespace Ottla.Broker.Hosting;

/// <summary>How a broker is.</summary>
/// <param name="IsServing">Whether it takes requests.</param>
/// <param name="OfflineLogDirectories">The log directories that failed; the partitions in them are not served.</param>
public sealed record BrokerHealth(bool IsServing, IReadOnlyList<string> OfflineLogDirectories)
{
    /// <summary>Whether all is well.</summary>
    public bool IsHealthy => IsServing && OfflineLogDirectories.Count == 0;
}
