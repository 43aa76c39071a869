using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.ApiVersions;

/// <summary>What ApiVersions tells of the broker besides its APIs.</summary>
/// <param name="ClusterId">This broker's cluster.</param>
/// <param name="NodeId">This broker.</param>
/// <param name="Features">The features of the moment.</param>
internal sealed record ApiVersionsIdentity(string ClusterId, BrokerId NodeId, Func<ServedFeatures> Features)
{
    /// <summary>Whether a client that names a cluster and a node means this one; null and -1 mean anybody (KIP-1242).</summary>
    public bool IsMeant(string? clusterId, int nodeId) =>
        (clusterId is null || clusterId == ClusterId) && (nodeId < 0 || nodeId == NodeId.Value);

    /// <summary>Adds the features, which a version below 3 drops. One whose lowest level is 0 would confuse clients below version 4.</summary>
    public void AddFeatures(ApiVersionsResponse response, short version)
    {
        if (version < 3)
        {
            return;
        }

        ServedFeatures features = Features();
        response.FinalizedFeaturesEpoch = features.Epoch;
        foreach (ServedFeature feature in features.Features)
        {
            if (feature.LowestLevel == 0 && version < 4)
            {
                continue;
            }

            response.SupportedFeatures.Add(new ApiVersionsResponse.SupportedFeatureKey
            {
                Name = feature.Name,
                MinVersion = feature.LowestLevel,
                MaxVersion = feature.HighestLevel,
            });
            if (feature.FinalizedLevel > 0)
            {
                response.FinalizedFeatures.Add(new ApiVersionsResponse.FinalizedFeatureKey
                {
                    Name = feature.Name,
                    MinVersionLevel = feature.FinalizedLevel,
                    MaxVersionLevel = feature.FinalizedLevel,
                });
            }
        }
    }
}
