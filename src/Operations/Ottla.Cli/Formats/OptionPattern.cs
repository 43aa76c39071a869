using System.Text.RegularExpressions;
using Ottla.Cli.CommandLine;

namespace Ottla.Cli.Formats;

/// <summary>Reads a regular expression that an option gives.</summary>
internal static class OptionPattern
{
    /// <summary>One that matches anywhere in a text.</summary>
    /// <exception cref="UsageException">It is no regular expression.</exception>
    public static Regex Compile(string option, string pattern) => Compile(option, pattern, pattern);

    /// <summary>One that matches a text as a whole.</summary>
    /// <exception cref="UsageException">It is no regular expression.</exception>
    public static Regex CompileWhole(string option, string pattern) => Compile(option, pattern, $"^(?:{pattern})\\z");

    private static Regex Compile(string option, string pattern, string expression)
    {
        try
        {
            return new Regex(expression, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"{option}: \"{pattern}\" is no regular expression: {exception.Message}");
        }
    }
}
