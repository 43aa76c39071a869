using System.Collections.Immutable;

namespace Ottla.Core.Metadata;

/// <summary>The configuration values that were set at run time. Safe to read from any thread.</summary>
public sealed record ConfigsImage
{
    private static readonly ImmutableSortedDictionary<string, string> NoValues =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Nothing set.</summary>
    public static ConfigsImage Empty { get; } = new();

    /// <summary>Values by resource; a resource without values has no entry.</summary>
    public ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>> ByResource { get; init; } =
        ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>The values of one resource by key; empty when it has none.</summary>
    public ImmutableSortedDictionary<string, string> For(ConfigResource resource) =>
        ByResource.TryGetValue(resource, out ImmutableSortedDictionary<string, string>? values) ? values : NoValues;

    /// <summary>The values of a topic.</summary>
    public ImmutableSortedDictionary<string, string> ForTopic(string name) => For(ConfigResource.ForTopic(name));
}
