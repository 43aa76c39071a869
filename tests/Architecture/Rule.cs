namespace Ottla.Architecture.Tests;

/// <summary>How a rule over the sources fails: with the rule, and with every place that breaks it.</summary>
internal static class Rule
{
    /// <summary>Fails with all <paramref name="violations"/> unless there are none.</summary>
    public static void Holds(string rule, IEnumerable<string> violations)
    {
        string[] found = [.. violations];
        Assert.True(found.Length == 0, $"{rule}\n  {string.Join("\n  ", found)}");
    }

    /// <summary>Fails unless the rule looked at something: a rule over nothing proves nothing.</summary>
    public static void LooksAt<T>(IReadOnlyCollection<T> subjects) => Assert.NotEmpty(subjects);
}
