using Ottla.Core.Configuration;
using Ottla.Tests.Processes;

namespace Ottla.Differential.Tests.Comparing;

/// <summary>The differences that docs/differences.md lists field by field.</summary>
internal static class DifferencesPage
{
    private const string Heading = "## Answers, field by field";
    private const string GeneratedStart = "| `CreateTopics Topics[*].Configs[";

    private static string File { get; } = RepositoryRoot.Combine("docs", "differences.md");

    /// <summary>The row of the keys that are accepted without effect, as the page has it.</summary>
    public static string GeneratedRow => System.IO.File.ReadAllLines(File).Single(line => line.StartsWith(GeneratedStart, StringComparison.Ordinal) && line.Contains(", ", StringComparison.Ordinal) && line.Contains("without effect", StringComparison.Ordinal));

    /// <summary>The same row as the tables of keys have it: those that Kafka knows and that Ottla accepts without effect, or refuses.</summary>
    public static string GenerateRow(IReadOnlySet<string> topicKeysOfKafka, IReadOnlySet<string> brokerKeysOfKafka)
    {
        string[] topic = [.. AcceptedKeys.Topic.Concat(RefusedKeys.Topic.Keys).Where(topicKeysOfKafka.Contains).Order(StringComparer.Ordinal)];
        string[] broker = [.. AcceptedKeys.Broker.Concat(RefusedKeys.Broker.Keys).Where(brokerKeysOfKafka.Contains).Except(topic).Order(StringComparer.Ordinal)];
        return $"{GeneratedStart}{string.Join(", ", topic)}]`, `DescribeConfigs Results[*].Configs[{string.Join(", ", topic.Concat(broker).Order(StringComparer.Ordinal))}]`"
            + " | | `absent` | keys that are accepted without effect, or refused, have nothing to describe |";
    }

    /// <summary>Writes the row anew.</summary>
    public static void Rewrite(string row) => System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace(GeneratedRow, row, StringComparison.Ordinal));

    public static IReadOnlyList<ListedDifference> Listed { get; } =
    [
        .. System.IO.File.ReadAllLines(File)
            .SkipWhile(line => line != Heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => new ListedDifference(line, [.. line[2..].Split('|').Select(cell => cell.Trim())])),
    ];
}
