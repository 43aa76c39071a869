using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Client.Connections;

/// <summary>What one broker serves, as its ApiVersions answer has it.</summary>
internal sealed class NegotiatedVersions
{
    private readonly Dictionary<ApiKey, VersionRange> _ranges = [];

    public NegotiatedVersions(ApiVersionsResponse response)
    {
        foreach (ApiVersionsResponse.ApiVersion api in response.ApiKeys)
        {
            _ranges[(ApiKey)api.ApiKey] = new VersionRange(api.MinVersion, api.MaxVersion);
        }
    }

    /// <summary>All APIs that the broker serves.</summary>
    public IReadOnlyDictionary<ApiKey, VersionRange> Ranges => _ranges;

    /// <summary>The newest version that both sides have, or null when there is none.</summary>
    /// <param name="api">The API.</param>
    /// <param name="own">What this client can write.</param>
    /// <param name="newestWanted">No version above this one, whatever both sides have.</param>
    public short? Newest(ApiKey api, VersionRange own, short newestWanted = short.MaxValue)
    {
        if (!_ranges.TryGetValue(api, out VersionRange served))
        {
            return null;
        }

        short newest = Math.Min(Math.Min(served.Highest, own.Highest), newestWanted);
        return newest >= Math.Max(served.Lowest, own.Lowest) ? newest : null;
    }
}
