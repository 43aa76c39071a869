using System.Text.RegularExpressions;

namespace Ottla.Differential.Tests.Comparing;

/// <summary>
/// A row of the table in docs/differences.md that this suite reads: the answers it is about, each <c>API field</c>, what Kafka says, what
/// Ottla says, and why. A star stands for anything.
/// </summary>
internal sealed partial class ListedDifference
{
    private readonly string _row;
    private readonly Answered[] _answers;
    private readonly Regex _kafka;
    private readonly Regex _ottla;

    public ListedDifference(string row, string[] cells)
    {
        _row = row;
        _answers = [.. Code().Matches(cells[0]).SelectMany(match => Answers(match.Groups[1].Value))];
        _kafka = Pattern(cells[1]);
        _ottla = Pattern(cells[2]);
    }

    public bool Covers(Difference difference) => _answers.Any(answer => Covers(answer, difference));

    /// <summary>What the row names and none of the differences is.</summary>
    public IEnumerable<string> Outdated(IReadOnlyList<Difference> differences) =>
        from answer in _answers
        where !differences.Any(difference => Covers(answer, difference))
        select $"{answer.Api} {answer.Path} of {_row[..Math.Min(_row.Length, 200)]}";

    public override string ToString() => _row;

    private bool Covers(Answered answer, Difference difference) =>
        answer.Api == difference.Api && answer.Path.IsMatch(difference.Path) && _kafka.IsMatch(difference.Kafka) && _ottla.IsMatch(difference.Ottla);

    /// <summary>One for each of <c>[a, b, c]</c>.</summary>
    private static IEnumerable<Answered> Answers(string text)
    {
        string[] words = text.Split(' ', 2);
        Match list = Alternatives().Match(words[1]);
        return list.Success
            ? list.Groups[1].Value.Split(", ").Select(one => new Answered(words[0], Glob(words[1].Replace(list.Value, $"[{one}]", StringComparison.Ordinal))))
            : [new Answered(words[0], Glob(words[1]))];
    }

    /// <summary>A cell that is not code is words for people, and stands for anything.</summary>
    private static Regex Pattern(string cell) => Glob(cell.StartsWith('`') && cell.EndsWith('`') ? cell.Trim('`') : "*");

    /// <summary>A star is anything; one in brackets is one element.</summary>
    private static Regex Glob(string text)
    {
        string pattern = Regex.Escape(text)
            .Replace("\\[\\*]", "\\[[^]]*]", StringComparison.Ordinal)
            .Replace("\\*", ".*", StringComparison.Ordinal);
        return new Regex($"^{pattern}$", RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[([^\]]+, [^\]]+)\]")]
    private static partial Regex Alternatives();

    private sealed record Answered(string Api, Regex Path);
}
