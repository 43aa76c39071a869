namespace Ottla.Core.Configuration;

/// <summary>
/// One configuration key that works here: it has a reader, and a wrong value is an error. Parsing, validation, DescribeConfigs,
/// <c>ottla config explain</c> and the documentation come from these objects. Immutable.
/// </summary>
public abstract class ConfigurationKey
{
    private protected ConfigurationKey(string name, ConfigurationType type, string? defaultText, string allowed, string documentation)
    {
        Name = name;
        Type = type;
        DefaultText = defaultText;
        Allowed = allowed;
        Documentation = documentation;
    }

    /// <summary>Kafka's name of the key, or one that begins with <c>ottla.</c>.</summary>
    public string Name { get; }

    /// <summary>The type of its values.</summary>
    public ConfigurationType Type { get; }

    /// <summary>The default as text; null when the key has none.</summary>
    public string? DefaultText { get; }

    /// <summary>The values that are allowed, in words, such as <c>at least 1</c>.</summary>
    public string Allowed { get; }

    /// <summary>What the key does, in one or two sentences.</summary>
    public string Documentation { get; }

    /// <summary>Whether the key can be changed at run time. Topic keys always can.</summary>
    public ConfigurationUpdateMode UpdateMode { get; init; }

    /// <summary>For a topic key: the broker keys that give its default, the first that is set wins.</summary>
    public IReadOnlyList<BrokerSynonym> Synonyms { get; init; } = [];

    /// <summary>Whether values are secrets.</summary>
    public bool IsSensitive => Type == ConfigurationType.Password;

    /// <summary>Says what is wrong with <paramref name="value"/>, naming key, value and what is allowed; null when it is valid.</summary>
    public abstract string? Check(string value);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
