using System.Globalization;
using System.Text.RegularExpressions;
using Ottla.Tests.Processes;

namespace Ottla.Differential.Tests.Generating;

/// <summary>What words.txt allows a field to be.</summary>
internal static partial class RandomWords
{
    private static readonly Dictionary<string, string[]> Words = Read();

    /// <summary>The paths that words.txt names.</summary>
    public static IReadOnlyCollection<string> Paths => Words.Keys;

    /// <summary>The entry for the longest end of <paramref name="path"/>, <c>CreateTopics.Topics.Name</c>; null where there is none.</summary>
    public static string? EntryFor(string path)
    {
        for (string end = path; ; end = end[(end.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (Words.ContainsKey(end))
            {
                return end;
            }

            if (!end.Contains('.', StringComparison.Ordinal))
            {
                return null;
            }
        }
    }

    /// <summary>One of the words of an entry, as often as its number says.</summary>
    public static string Pick(string entry, Random random)
    {
        string[] words = Words[entry];
        return words[random.Next(words.Length)];
    }

    private static Dictionary<string, string[]> Read()
    {
        Dictionary<string, string[]> words = new(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(RepositoryRoot.Combine("tests", "Differential", "Generating", "words.txt")).Where(line => line.Length > 0 && line[0] != '#'))
        {
            string[] sides = line.Split(" = ", 2);
            words.Add(sides[0].Trim(), [.. sides[1].Split(" | ").SelectMany(Repeat)]);
        }

        return words;
    }

    private static IEnumerable<string> Repeat(string word)
    {
        Match match = Often().Match(word.Trim());
        string text = match.Groups["word"].Value;
        bool isQuoted = text.Length > 1 && text[0] == '"';
        int count = match.Groups["count"] is { Success: true, Value: var number } ? int.Parse(number, CultureInfo.InvariantCulture) : 1;
        return Enumerable.Repeat(isQuoted ? text[1..^1] : text, count);
    }

    [GeneratedRegex(@"^(?<word>.+?)(\*(?<count>\d+))?$")]
    private static partial Regex Often();
}
