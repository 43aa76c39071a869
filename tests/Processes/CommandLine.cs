namespace Ottla.Tests.Processes;

/// <summary>A program to run, with everything that a test wants to set.</summary>
public sealed record CommandLine(string Program, params string[] Arguments)
{
    /// <summary>Variables to set; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>What the program reads from standard input, or null for an empty one.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The folder it runs in, or null for the test's own.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>How long it may take. A program that takes longer is killed with its whole process group and the test fails.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc />
    public override string ToString() => string.Join(' ', [Program, .. Arguments.Select(Quote)]);

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./:,@%+".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument}'";
}
