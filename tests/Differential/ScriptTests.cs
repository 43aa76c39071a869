using Ottla.Differential.Tests.Brokers;
using Ottla.Differential.Tests.Comparing;
using Ottla.Differential.Tests.Running;
using Ottla.Differential.Tests.Scripting;
using Ottla.Differential.Tests.Wire;
using Ottla.Protocol;
using Ottla.Tests.Processes;

namespace Ottla.Differential.Tests;

/// <summary>Every answer of Ottla is Apache Kafka's, or docs/differences.md says why not.</summary>
[Collection(nameof(BrokerPair))]
public sealed class ScriptTests(BrokerPair pair)
{
    public static TheoryData<string> Cases => [.. ScriptReader.All.Select(script => script.ToString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Both_answer_the_same(string name)
    {
        ScriptCase script = ScriptReader.All.Single(script => script.ToString() == name);
        Difference[] unlisted = [.. (await pair.Results.OfAsync(script)).Where(difference => !DifferencesPage.Listed.Any(row => row.Covers(difference)))];
        Assert.True(unlisted.Length == 0, $"{unlisted.Length} differences:\n{string.Join('\n', Difference.Summarize(unlisted))}");
    }

    [Fact]
    public async Task A_listed_difference_still_exists()
    {
        IReadOnlyList<Difference> differences = await pair.Results.OfAllAsync();
        Assert.Empty(DifferencesPage.Listed.SelectMany(row => row.Outdated(differences)));
    }

    [Fact]
    public void The_row_of_keys_without_effect_is_that_of_the_tables()
    {
        string row = DifferencesPage.GenerateRow(ReferenceKeys("topic"), ReferenceKeys("broker"));
        if (Environment.GetEnvironmentVariable("OTTLA_TEST_REWRITE") == "1")
        {
            DifferencesPage.Rewrite(row);
        }

        Assert.Equal(row, DifferencesPage.GeneratedRow);
    }

    [Fact]
    public async Task Every_version_that_both_serve_is_asked_in()
    {
        await pair.Results.OfAllAsync();
        string[] missing =
        [
            .. from api in pair.Ottla.Versions.Keys.Intersect(pair.Kafka.Versions.Keys)
               let name = MessageSchemas.NameOf(api)
               let common = pair.CommonVersions(name)
               let left = Enumerable.Range(common.Lowest, common.Highest - common.Lowest + 1).Where(version => !pair.Results.Asked.ContainsKey((name, (short)version)))
               where left.Any()
               select $"{name} {string.Join(' ', left)}",
        ];
        Assert.Empty(missing);
    }

    private static HashSet<string> ReferenceKeys(string kind) =>
        [.. File.ReadLines(RepositoryRoot.Combine("..", "shared", "kafka", "reference", "configs", $"{kind}.tsv")).Skip(1).Select(line => line.Split('\t')[0])];
}
