namespace Ottla.Differential.Tests.Comparing;

/// <summary>One field that the two brokers answered differently.</summary>
/// <param name="Where">The script, and the line in it.</param>
/// <param name="Api">The API.</param>
/// <param name="Version">The version that was asked in.</param>
/// <param name="Path">The field: <c>Topics[orders].ErrorCode</c>.</param>
/// <param name="Kafka">What Kafka says; <see cref="Absent"/> when it has no such element.</param>
/// <param name="Ottla">What Ottla says.</param>
internal sealed record Difference(string Where, string Api, short Version, string Path, string Kafka, string Ottla)
{
    public const string Absent = "absent";

    /// <summary>One line for each, with all versions that show it.</summary>
    public static IEnumerable<string> Summarize(IEnumerable<Difference> differences) => differences
        .GroupBy(difference => difference with { Version = 0 })
        .Select(group => $"{group.Key.Where} {group.Key.Api} v{string.Join(',', group.Select(difference => difference.Version).Distinct().Order())} {group.Key.Path}: Kafka '{group.Key.Kafka}', Ottla '{group.Key.Ottla}'");

    public override string ToString() => $"{Where} {Api} {Version} {Path}: Kafka '{Kafka}', Ottla '{Ottla}'";
}
