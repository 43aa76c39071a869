using System.Globalization;

namespace Ottla.Core.Configuration;

/// <summary>Makes the keys of the tables, one line each.</summary>
internal static class KeyFactory
{
    public static TypedKey<bool> Boolean(string name, bool defaultValue, string documentation, ConfigurationUpdateMode mode = default) =>
        new(name, ConfigurationType.Boolean, defaultValue ? "true" : "false", new BooleanParser(), documentation) { UpdateMode = mode };

    public static TypedKey<int> Int(string name, int? defaultValue, NumberParser<int> range, string documentation, ConfigurationUpdateMode mode = default) =>
        new(name, ConfigurationType.Int, defaultValue?.ToString(CultureInfo.InvariantCulture), range, documentation) { UpdateMode = mode };

    public static TypedKey<short> Short(string name, short defaultValue, NumberParser<short> range, string documentation, ConfigurationUpdateMode mode = default) =>
        new(name, ConfigurationType.Short, defaultValue.ToString(CultureInfo.InvariantCulture), range, documentation) { UpdateMode = mode };

    public static TypedKey<long> Long(string name, long? defaultValue, NumberParser<long> range, string documentation, ConfigurationUpdateMode mode = default) =>
        new(name, ConfigurationType.Long, defaultValue?.ToString(CultureInfo.InvariantCulture), range, documentation) { UpdateMode = mode };

    public static TypedKey<double> Double(string name, double defaultValue, NumberParser<double> range, string documentation, ConfigurationUpdateMode mode = default) =>
        new(name, ConfigurationType.Double, defaultValue.ToString(CultureInfo.InvariantCulture), range, documentation) { UpdateMode = mode };

    public static TypedKey<string> Text(string name, string? defaultValue, string documentation, ConfigurationUpdateMode mode = default, params string[] words) =>
        new(name, ConfigurationType.String, defaultValue, new TextParser(words), documentation) { UpdateMode = mode };

    public static TypedKey<IReadOnlyList<string>> List(string name, string? defaultValue, string documentation, ConfigurationUpdateMode mode = default, params string[] words) =>
        new(name, ConfigurationType.List, defaultValue, new ListParser(words), documentation) { UpdateMode = mode };

    public static NumberParser<int> IntFrom(int minimum, int maximum = int.MaxValue, int? also = null) => new(minimum, maximum, also);

    public static NumberParser<short> ShortFrom(short minimum) => new(minimum, short.MaxValue);

    public static NumberParser<long> LongFrom(long minimum, long maximum = long.MaxValue) => new(minimum, maximum);
}
