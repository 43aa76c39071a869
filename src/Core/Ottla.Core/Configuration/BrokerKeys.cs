namespace Ottla.Core.Configuration;

/// <summary>All broker keys that work here.</summary>
public static class BrokerKeys
{
    /// <summary>The keys in order of their names.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        .. NetworkKeys.All
            .Concat(IdentityKeys.All)
            .Concat(TopicDefaultKeys.All)
            .Concat(LogKeys.All)
            .Concat(GroupKeys.All)
            .Concat(MetadataLogKeys.All)
            .OrderBy(key => key.Name, StringComparer.Ordinal),
    ];

    private static Dictionary<string, ConfigurationKey> ByName { get; } = All.ToDictionary(key => key.Name, StringComparer.Ordinal);

    /// <summary>The key of this name, or null.</summary>
    public static ConfigurationKey? Find(string name) => ByName.GetValueOrDefault(name);
}
