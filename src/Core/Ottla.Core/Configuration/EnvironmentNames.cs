using System.Text;

namespace Ottla.Core.Configuration;

/// <summary>
/// The names of environment variables that set broker keys: <c>OTTLA_</c> then, as in Apache's image, the key in
/// upper case with <c>_</c> for a dot, <c>__</c> for an underscore and <c>___</c> for a hyphen.
/// </summary>
public static class EnvironmentNames
{
    /// <summary>The prefix of the variables.</summary>
    public const string Prefix = "OTTLA_";

    // These steer the launcher and the tests; they are no broker keys.
    private static readonly string[] Reserved = ["OTTLA_JIT", "OTTLA_BINARY", "OTTLA_CONFORMANCE_TARGET", "OTTLA_TEST_"];

    /// <summary>The key that a variable sets, or null when it sets none.</summary>
    public static string? ToKey(string variable)
    {
        if (!variable.StartsWith(Prefix, StringComparison.Ordinal)
            || variable.Length == Prefix.Length
            || Array.Exists(Reserved, reserved => variable.StartsWith(reserved, StringComparison.Ordinal)))
        {
            return null;
        }

        StringBuilder key = new();
        for (int index = Prefix.Length; index < variable.Length;)
        {
            int underscores = 0;
            while (index + underscores < variable.Length && variable[index + underscores] == '_')
            {
                underscores++;
            }

            if (underscores == 0)
            {
                key.Append(char.ToLowerInvariant(variable[index++]));
                continue;
            }

            key.Append(underscores switch { 1 => ".", 2 => "_", 3 => "-", _ => new string('.', underscores) });
            index += underscores;
        }

        return key.ToString();
    }

    /// <summary>The variable that sets <paramref name="key"/>.</summary>
    public static string FromKey(string key) =>
        Prefix + key.Replace("_", "__", StringComparison.Ordinal).Replace("-", "___", StringComparison.Ordinal).Replace('.', '_').ToUpperInvariant();
}
