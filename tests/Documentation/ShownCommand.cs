using System.Text.RegularExpressions;

namespace Ottla.Documentation.Tests;

/// <summary>A command of a <c>console</c> block: the line after <c>$ </c>, and the output shown below it.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Text">The command.</param>
/// <param name="Output">The lines shown; <c>…</c> stands for anything within a line, or for any lines.</param>
internal sealed record ShownCommand(string Place, string Text, IReadOnlyList<string> Output)
{
    private const string Anything = "…";

    /// <summary>A broker stays in the foreground: it is started, and stopped at the end of the page.</summary>
    public bool IsBroker => Text.StartsWith("./ottla dev up", StringComparison.Ordinal) || Text.StartsWith("./ottla server start", StringComparison.Ordinal);

    /// <summary>All commands of a page, in order.</summary>
    public static IReadOnlyList<ShownCommand> Of(string page, string[] lines)
    {
        List<ShownCommand> commands = [];
        List<string> output = [];
        bool isConsole = false;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                isConsole = !isConsole && lines[i] == "```console";
            }
            else if (isConsole && lines[i].StartsWith("$ ", StringComparison.Ordinal))
            {
                output = [];
                commands.Add(new ShownCommand($"{page}:{i + 1}", lines[i][2..], output));
            }
            else if (isConsole)
            {
                output.Add(lines[i]);
            }
        }

        return commands;
    }

    /// <summary>Whether <paramref name="actual"/> is what the page shows.</summary>
    public bool Shows(string actual)
    {
        IEnumerable<string> patterns = Output.Select(line => line == Anything
            ? "(?:.*\n)*"
            : Regex.Escape(line.TrimEnd()).Replace(Anything, ".*", StringComparison.Ordinal) + " *\n");
        return Regex.IsMatch(actual, $"^{string.Concat(patterns)}$");
    }
}
