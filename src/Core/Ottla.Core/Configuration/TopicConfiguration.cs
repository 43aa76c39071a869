namespace Ottla.Core.Configuration;

/// <summary>
/// The configuration of one topic: what is set on it, and for the rest the broker's keys that give the defaults. Immutable.
/// </summary>
public sealed class TopicConfiguration
{
    private readonly BrokerConfiguration _broker;
    private readonly IReadOnlyDictionary<string, string> _overrides;

    /// <summary>
    /// Lays what is set on a topic over the broker's defaults. A value that is not allowed is passed over: Kafka may have stored it.
    /// </summary>
    public TopicConfiguration(BrokerConfiguration broker, IReadOnlyDictionary<string, string> overrides)
    {
        _broker = broker;
        _overrides = AllowedValues.Of(overrides, TopicKeys.Find);
    }

    /// <summary>Whether old data is compacted by key, so that every record needs one.</summary>
    public bool IsCompacted => Get(TopicKeys.CleanupPolicy).Contains("compact", StringComparer.Ordinal);

    /// <summary>
    /// Checks what is set on a topic: every key must be known and every value allowed. Returns what is wrong with the first wrong
    /// one, or null.
    /// </summary>
    public static string? Check(IEnumerable<KeyValuePair<string, string>> overrides)
    {
        KeyValuePair<string, string>[] all = [.. overrides];
        return Array.ConvertAll(all, static pair => CheckName(pair.Key)).FirstOrDefault(static problem => problem is not null)
            ?? Array.ConvertAll(all, static pair => CheckValue(pair.Key, pair.Value)).FirstOrDefault(static problem => problem is not null);
    }

    /// <summary>The value in force.</summary>
    public T Get<T>(TypedKey<T> key) => key.Parse(FindText(key)!); // Every topic key has a default.

    /// <summary>The key's value, its source and all places that set it.</summary>
    public ConfigurationEntry Describe(ConfigurationKey key)
    {
        List<ConfigurationSynonym> places = [];
        if (_overrides.TryGetValue(key.Name, out string? own))
        {
            places.Add(new ConfigurationSynonym(key.Name, own, ConfigurationSource.Topic));
        }

        foreach (BrokerSynonym synonym in key.Synonyms)
        {
            _broker.AddPlaces(synonym.Key, places);
        }

        // As in Kafka, the defaults of hours and minutes are told of only where milliseconds are set.
        if (key.Synonyms is [var first, ..] && !_broker.IsSet(first.Key))
        {
            places.RemoveAll(place => IsDefault(place) && place.Name != first.Key.Name);
        }

        // Values set on broker keys come before the defaults of all of them.
        places.Sort(static (left, right) => IsDefault(left).CompareTo(IsDefault(right)));
        ConfigurationSource source = places.Count == 0 ? ConfigurationSource.Default : places[0].Source;
        return new ConfigurationEntry(key, FindText(key), source, places);
    }

    private static bool IsDefault(ConfigurationSynonym synonym) => synonym.Source == ConfigurationSource.Default;

    private static string? CheckValue(string name, string value) =>
        RefusedKeys.Topic.TryGetValue(name, out string? neutral)
            ? value.Trim() == neutral ? null : $"Invalid value {value} for configuration {name}: Ottla does not support it yet, so it may only be {neutral}."
            : (TopicKeys.Find(name) ?? AcceptedKeys.FindForTopic(name))?.Check(value);

    private static string? CheckName(string name)
    {
        if (TopicKeys.Find(name) is not null || RefusedKeys.Topic.ContainsKey(name) || AcceptedKeys.Topic.Contains(name))
        {
            return null;
        }

        string? nearest = NearestName.Find(name, TopicKeys.All.Select(known => known.Name).Concat(AcceptedKeys.Topic));
        return $"Unknown topic config name: {name}{(nearest is null ? "" : $"; did you mean {nearest}?")}";
    }

    private string? FindText(ConfigurationKey key)
    {
        if (_overrides.TryGetValue(key.Name, out string? own))
        {
            return own;
        }

        foreach (BrokerSynonym synonym in key.Synonyms)
        {
            if (_broker.IsSet(synonym.Key))
            {
                return Scale(_broker.Describe(synonym.Key).Value, synonym.Factor);
            }
        }

        return key.DefaultText;
    }

    private static string? Scale(string? value, long factor)
    {
        if (factor == 1 || !long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out long number))
        {
            return value;
        }

        // -1 stands for no limit in every unit.
        return (number < 0 ? number : number * factor).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
