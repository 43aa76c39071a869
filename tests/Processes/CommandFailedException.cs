namespace Ottla.Tests.Processes;

/// <summary>A child process did not do what a test expects; the message carries all that it wrote.</summary>
public sealed class CommandFailedException : Exception
{
    private const int ShownCharacters = 6_000;

    /// <summary>Describes what was wrong with <paramref name="result"/>.</summary>
    public CommandFailedException(string problem, CommandResult result)
        : base($"""
            {problem}: {result.CommandLine}  (after {result.Elapsed.TotalSeconds:F1} s)
            --- standard output
            {Tail(result.Output)}
            --- standard error
            {Tail(result.Error)}
            ---
            """)
    {
    }

    private static string Tail(string text) =>
        text.Length <= ShownCharacters ? text : $"[{text.Length - ShownCharacters} characters before]\n{text[^ShownCharacters..]}";
}
