namespace Ottla.Core.Configuration;

/// <summary>
/// The configuration of one broker as it stands at one moment: what was given at start, and on top of it what was set at run time.
/// Immutable; a change at run time makes a new one.
/// </summary>
public sealed class BrokerConfiguration
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    private readonly IReadOnlyDictionary<string, string> _given;
    private readonly IReadOnlyDictionary<string, string> _clusterDefault;
    private readonly IReadOnlyDictionary<string, string> _perBroker;

    private BrokerConfiguration(
        IReadOnlyDictionary<string, string> given,
        IReadOnlyDictionary<string, string> clusterDefault,
        IReadOnlyDictionary<string, string> perBroker)
    {
        _given = given;
        _clusterDefault = clusterDefault;
        _perBroker = perBroker;
    }

    /// <summary>The configuration in which nothing is set.</summary>
    public static BrokerConfiguration Default { get; } = new(Nothing, Nothing, Nothing);

    /// <summary>The node's id: node.id, else broker.id, else the default of node.id.</summary>
    public int NodeId
    {
        get
        {
            int old = Get(IdentityKeys.BrokerId);
            return IsSet(IdentityKeys.NodeId) || old < 0 ? Get(IdentityKeys.NodeId) : old;
        }
    }

    /// <summary>The data directories: log.dirs, else log.dir.</summary>
    public IReadOnlyList<string> LogDirectories =>
        TryGet(IdentityKeys.LogDirs, out IReadOnlyList<string>? directories) && directories.Count > 0 ? directories : Get(IdentityKeys.LogDir);

    /// <summary>
    /// Takes the settings that were given at start, later ones over earlier ones. Every wrong or unknown key is one error; every key
    /// without effect is one warning.
    /// </summary>
    public static ConfigurationLoad Load(IEnumerable<KeyValuePair<string, string>> settings)
    {
        Dictionary<string, string> given = new(StringComparer.Ordinal);
        List<string> warnings = [];
        List<string> errors = [];
        foreach ((string name, string value) in settings)
        {
            switch (BrokerKeyCheck.Check(name, value))
            {
                case { Error: { } error }:
                    errors.Add(error);
                    break;
                case { HasEffect: false }:
                    warnings.Add($"{name} has no effect in Ottla.");
                    break;
                default:
                    given[name] = value;
                    break;
            }
        }

        BrokerConfiguration configuration = new(given, Nothing, Nothing);
        if (errors.Count == 0)
        {
            ListenerDeclaration.Read(configuration, errors);
        }

        return new ConfigurationLoad(errors.Count == 0 ? configuration : null, errors, warnings.Distinct(StringComparer.Ordinal).ToList());
    }

    /// <summary>
    /// The same start settings under other run-time settings. Keys in them that do not work here are passed over, and so are values that
    /// are not allowed: Kafka may have stored them.
    /// </summary>
    public BrokerConfiguration WithDynamic(IReadOnlyDictionary<string, string> clusterDefault, IReadOnlyDictionary<string, string> perBroker) =>
        new(_given, AllowedValues.Of(clusterDefault, BrokerKeys.Find), AllowedValues.Of(perBroker, BrokerKeys.Find));

    /// <summary>The listeners to open, without those that Apache Kafka opens for its controllers.</summary>
    public IReadOnlyList<ListenerDeclaration> Listeners => ListenerDeclaration.Read(this, []);

    /// <summary>Whether anything but the default gives the key's value.</summary>
    public bool IsSet(ConfigurationKey key) => FindText(key) is not null;

    /// <summary>The value in force.</summary>
    /// <exception cref="InvalidOperationException">The key is not set and has no default: ask with <see cref="TryGet"/>.</exception>
    public T Get<T>(TypedKey<T> key) =>
        TryGet(key, out T? value) ? value : throw new InvalidOperationException($"{key.Name} is not set and has no default.");

    /// <summary>The value in force; false when the key is not set and has no default.</summary>
    public bool TryGet<T>(TypedKey<T> key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? value)
    {
        string? text = FindText(key) ?? key.DefaultText;
        value = text is null ? default : key.Parse(text);
        return text is not null;
    }

    /// <summary>Keys that say the same in different units: Kafka tells of all of them wherever it tells of one.</summary>
    private static readonly ConfigurationKey[][] KeysOfOneThing =
    [
        [LogKeys.LogRetentionMs, LogKeys.LogRetentionMinutes, LogKeys.LogRetentionHours],
        [LogKeys.LogRollMs, LogKeys.LogRollHours],
        [LogKeys.LogRollJitterMs, LogKeys.LogRollJitterHours],
    ];

    /// <summary>The key's value, its source and all places that set it.</summary>
    public ConfigurationEntry Describe(ConfigurationKey key)
    {
        ConfigurationKey[] group = Array.Find(KeysOfOneThing, group => group.Contains(key))
            ?? (key == LogKeys.LogFlushIntervalMs ? [key, LogKeys.LogFlushSchedulerIntervalMs] : [key]);
        List<ConfigurationSynonym> places = [];
        foreach (ConfigurationKey synonym in group)
        {
            AddPlaces(synonym, places);
        }

        // As in Kafka, a key without a value has no places, though another unit of it may have a default.
        string? value = FindText(key) ?? key.DefaultText;
        places = value is null ? [] : [.. places.OrderByDescending(static place => Precedence(place.Source))];
        value = key.IsSensitive ? null : value;
        return new ConfigurationEntry(key, value, places.Count == 0 ? ConfigurationSource.Default : places[0].Source, places);
    }

    private static int Precedence(ConfigurationSource source) => source switch
    {
        ConfigurationSource.DynamicBroker => 3,
        ConfigurationSource.DynamicDefaultBroker => 2,
        ConfigurationSource.StaticBroker => 1,
        _ => 0,
    };

    /// <summary>Adds the places that set <paramref name="key"/>, the one in force first, the default last.</summary>
    internal void AddPlaces(ConfigurationKey key, List<ConfigurationSynonym> places)
    {
        Add(_perBroker, ConfigurationSource.DynamicBroker);
        Add(_clusterDefault, ConfigurationSource.DynamicDefaultBroker);
        Add(_given, ConfigurationSource.StaticBroker);
        if (key.DefaultText is { } text)
        {
            places.Add(new ConfigurationSynonym(key.Name, key.IsSensitive ? null : text, ConfigurationSource.Default));
        }

        void Add(IReadOnlyDictionary<string, string> settings, ConfigurationSource source)
        {
            if (settings.TryGetValue(key.Name, out string? value))
            {
                places.Add(new ConfigurationSynonym(key.Name, key.IsSensitive ? null : value, source));
            }
        }
    }

    private string? FindText(ConfigurationKey key) =>
        _perBroker.GetValueOrDefault(key.Name) ?? _clusterDefault.GetValueOrDefault(key.Name) ?? _given.GetValueOrDefault(key.Name);
}
