namespace Ottla.Core.Configuration;

/// <summary>A configuration key with the type of its values.</summary>
/// <typeparam name="T">The type that a value parses to.</typeparam>
public sealed class TypedKey<T> : ConfigurationKey
{
    private readonly ValueParser<T> _parser;

    internal TypedKey(string name, ConfigurationType type, string? defaultText, ValueParser<T> parser, string documentation)
        : base(name, type, defaultText, parser.Allowed, documentation)
    {
        _parser = parser;
        if (defaultText is not null && !parser.TryParse(defaultText, out _))
        {
            throw new ArgumentException($"The default {defaultText} of {name} is not valid.", nameof(defaultText));
        }
    }

    internal TypedKey<T> WithSynonyms(params IReadOnlyList<BrokerSynonym> synonyms) =>
        new(Name, Type, DefaultText, _parser, Documentation) { UpdateMode = UpdateMode, Synonyms = synonyms };

    /// <inheritdoc/>
    public override string? Check(string value) =>
        _parser.TryParse(value, out _) ? null : $"Invalid value {value} for configuration {Name}: allowed is {Allowed}.";

    /// <summary>Parses a value that <see cref="Check"/> found valid.</summary>
    /// <exception cref="ArgumentException">The value is not valid.</exception>
    public T Parse(string value) =>
        _parser.TryParse(value, out T parsed) ? parsed : throw new ArgumentException(Check(value), nameof(value));
}
