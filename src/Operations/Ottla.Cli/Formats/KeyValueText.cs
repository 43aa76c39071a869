using Ottla.Cli.CommandLine;

namespace Ottla.Cli.Formats;

/// <summary>Reads <c>KEY=VALUE</c>.</summary>
internal static class KeyValueText
{
    /// <summary>All pairs; a later one replaces an earlier one of the same key.</summary>
    /// <exception cref="UsageException">A text has no key or no equals sign.</exception>
    public static Dictionary<string, string> ParseAll(string option, IEnumerable<string>? texts)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts ?? [])
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new UsageException($"{option}: \"{text}\" is not KEY=VALUE.");
            }

            pairs[text[..equals].Trim()] = text[(equals + 1)..].Trim();
        }

        return pairs;
    }
}
