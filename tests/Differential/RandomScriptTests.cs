using System.Diagnostics;
using System.Globalization;
using Ottla.Differential.Tests.Brokers;
using Ottla.Differential.Tests.Comparing;
using Ottla.Differential.Tests.Generating;
using Ottla.Differential.Tests.Scripting;
using Ottla.Differential.Tests.Wire;
using Ottla.Protocol;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Differential.Tests;

/// <summary>Requests made by chance: what no script thinks of.</summary>
[Collection(nameof(BrokerPair))]
public sealed class RandomScriptTests(BrokerPair pair)
{
    private const int SeedsInEveryRun = 100, MostFailures = 10, MostLines = 20;
    private static readonly TimeSpan LongRun = TimeSpan.FromMinutes(30);

    [Fact]
    public async Task Both_answer_the_same_to_the_first_seeds() => await AssertSameAsync(Enumerable.Range(1, SeedsInEveryRun));

    [Fact]
    [Trait("Kind", "Long")]
    public async Task Both_answer_the_same_to_fresh_seeds()
    {
        int first = Environment.GetEnvironmentVariable("OTTLA_TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        long start = Stopwatch.GetTimestamp();
        await AssertSameAsync(Enumerable.Range(0, int.MaxValue).Select(index => unchecked(first + index)).TakeWhile(_ => Stopwatch.GetElapsedTime(start) < LongRun));
    }

    [Fact]
    public void Every_word_is_for_a_field_that_there_is()
    {
        IEnumerable<string> fields = MessageSchemas.Apis.SelectMany(api => FieldsOf(MessageSchemas.Request(api).Root, api));
        Assert.Empty(RandomWords.Paths.Except(fields.Select(RandomWords.EntryFor).OfType<string>()));
    }

    private static IEnumerable<string> FieldsOf(StructSchema block, string path) => block.Fields.SelectMany(field =>
        (string[])[$"{path}.{field.Name}", .. field.Struct is { } inner ? FieldsOf(inner, $"{path}.{field.Name}") : []]);

    private async Task AssertSameAsync(IEnumerable<int> seeds)
    {
        Dictionary<string, VersionRange> served = pair.Ottla.Versions.Keys.Intersect(pair.Kafka.Versions.Keys)
            .Select(MessageSchemas.NameOf).ToDictionary(api => api, pair.CommonVersions, StringComparer.Ordinal);
        List<string> failures = [];
        foreach (int seed in seeds)
        {
            RandomScript script = RandomScript.Make(seed, served);
            Difference[] found = await UnlistedAsync(script, seed, 0);
            if (found.Length > 0)
            {
                failures.Add(await ExplainAsync(script, seed, found));
            }

            if (failures.Count == MostFailures)
            {
                break;
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    /// <summary>The script without the steps that the differences do not need.</summary>
    private async Task<string> ExplainAsync(RandomScript script, int seed, Difference[] found)
    {
        int attempt = 1;
        for (int step = script.Steps.Count - 1; step >= 0; step--)
        {
            RandomScript shorter = script.Without(step);
            if (await UnlistedAsync(shorter, seed, attempt++) is { Length: > 0 } still)
            {
                (script, found) = (shorter, still);
            }
        }

        return $"OTTLA_TEST_SEED={seed}: {found.Length} differences:\n{string.Join('\n', Difference.Summarize(found).Take(MostLines))}\nin\n{string.Join('\n', script.Steps)}";
    }

    private async Task<Difference[]> UnlistedAsync(RandomScript script, int seed, int attempt)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"seed{seed}-{attempt}");
        ScriptCase course = ScriptReader.Read("random", $"case {name}\n{script}").Single();
        IReadOnlyList<Difference> differences = await pair.Results.OfRoundAsync(course, name);
        return [.. differences.Where(difference => !DifferencesPage.Listed.Any(row => row.Covers(difference)))];
    }
}
