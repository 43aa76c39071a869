namespace Ottla.Core.Configuration;

/// <summary>Passes over stored values that are not allowed, so that one of them does not stop everything that is configured.</summary>
internal static class AllowedValues
{
    /// <summary>The values without those that their key does not allow; the same object when there are none.</summary>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> values, Func<string, ConfigurationKey?> find)
    {
        foreach ((string name, string value) in values)
        {
            if (find(name)?.Check(value) is not null)
            {
                return values
                    .Where(entry => find(entry.Key)?.Check(entry.Value) is null)
                    .ToDictionary(static entry => entry.Key, static entry => entry.Value, StringComparer.Ordinal);
            }
        }

        return values;
    }
}
