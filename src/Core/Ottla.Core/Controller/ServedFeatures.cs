using System.Collections.Immutable;
using Ottla.Core.Metadata;

namespace Ottla.Core.Controller;

/// <summary>The features that this release serves, with the levels it runs at. What is not served is not advertised.</summary>
public static class ServedFeatures
{
    /// <summary>Every served feature, by name.</summary>
    public static ImmutableArray<SupportedFeature> All { get; } =
        [new SupportedFeature(MetadataVersions.FeatureName, MetadataVersions.Minimum, MetadataVersions.Latest)];

    /// <summary>Finds a served feature.</summary>
    public static SupportedFeature? Find(string name)
    {
        foreach (SupportedFeature feature in All)
        {
            if (feature.Name == name)
            {
                return feature;
            }
        }

        return null;
    }
}
