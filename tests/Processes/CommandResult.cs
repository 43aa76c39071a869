namespace Ottla.Tests.Processes;

/// <summary>What a finished command left: its exit code and everything it wrote.</summary>
public sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error, TimeSpan Elapsed)
{
    /// <summary>Throws with the whole output unless the command ended with <paramref name="exitCode"/>.</summary>
    public CommandResult ExpectExitCode(int exitCode) => ExitCode == exitCode
        ? this
        : throw new CommandFailedException($"exit code {ExitCode} instead of {exitCode}", this);

    /// <summary>Throws with the whole output unless standard output contains <paramref name="text"/>.</summary>
    public CommandResult ExpectOutput(string text) => Output.Contains(text, StringComparison.Ordinal)
        ? this
        : throw new CommandFailedException($"no '{text}' in its output", this);

    /// <summary>The lines of standard output, without empty ones.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
