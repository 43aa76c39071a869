using System.Collections.Concurrent;
using System.Globalization;
using Ottla.Differential.Tests.Brokers;
using Ottla.Differential.Tests.Comparing;
using Ottla.Differential.Tests.Scripting;
using Ottla.Protocol;

namespace Ottla.Differential.Tests.Running;

/// <summary>What the cases came to. Each is run once, by whichever test asks first. Safe for concurrent use.</summary>
internal sealed class CaseResults(BrokerPair pair)
{
    private readonly ConcurrentDictionary<ScriptCase, Lazy<Task<IReadOnlyList<Difference>>>> _results = [];

    /// <summary>The versions that were asked in.</summary>
    public ConcurrentDictionary<(string Api, short Version), bool> Asked { get; } = [];

    /// <summary>All differences that the case brings out, listed ones too.</summary>
    public Task<IReadOnlyList<Difference>> OfAsync(ScriptCase script) => _results.GetOrAdd(script, key => new(() => RunAsync(key))).Value;

    /// <summary>All differences that all cases bring out.</summary>
    public async Task<IReadOnlyList<Difference>> OfAllAsync()
    {
        List<Difference> differences = [];
        foreach (ScriptCase script in ScriptReader.All)
        {
            differences.AddRange(await OfAsync(script));
        }

        return differences;
    }

    /// <summary>All differences that one round of a case brings out that is not among the scripts.</summary>
    /// <param name="script">The case; its requests name a version each.</param>
    /// <param name="suffix">What its names end with.</param>
    public Task<IReadOnlyList<Difference>> OfRoundAsync(ScriptCase script, string suffix) =>
        RunRoundAsync(script, [.. script.Steps.Select(step => (step, VersionIn(step, 0)))], suffix);

    private async Task<IReadOnlyList<Difference>> RunAsync(ScriptCase script)
    {
        int number = ScriptReader.All.Index().First(indexed => indexed.Item == script).Index;
        int rounds = Math.Min(script.Rounds, script.Steps.Max(step => step.Api == ScriptStep.Await ? 1 : Width(VersionsOf(step))));
        List<Difference> differences = [];
        for (int round = 0; round < rounds; round++)
        {
            string suffix = string.Create(CultureInfo.InvariantCulture, $"{script.Script}-{number}-{round}");
            (ScriptStep Step, short Version)[] steps = [.. script.Steps.Select(step => (step, VersionIn(step, round)))];
            foreach ((ScriptStep step, short version) in steps.Where(step => step.Step.Api != ScriptStep.Await))
            {
                Asked[(step.Api, version)] = true;
            }

            differences.AddRange(await RunRoundAsync(script, steps, suffix));
            if (differences.Any(difference => difference.Path == AnswerComparison.Outcome))
            {
                // Whatever follows would differ too, each time after a long wait.
                break;
            }
        }

        return differences;
    }

    private async Task<IReadOnlyList<Difference>> RunRoundAsync(ScriptCase script, (ScriptStep, short)[] steps, string suffix)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using CaseRun kafka = new(pair.Kafka, suffix);
        using CaseRun ottla = new(pair.Ottla, suffix);
        Task<IReadOnlyList<StepAnswer>> fromOttla = ottla.RunAsync(steps, cancellation);
        IReadOnlyList<StepAnswer> fromKafka = await kafka.RunAsync(steps, cancellation);
        return [.. fromKafka.Zip(await fromOttla).SelectMany(answers => AnswerComparison.Compare(script, answers.First, answers.Second))];
    }

    private short VersionIn(ScriptStep step, int round)
    {
        if (step.Api == ScriptStep.Await)
        {
            return 0;
        }

        VersionRange versions = VersionsOf(step);
        return (short)Math.Max(versions.Highest - round, versions.Lowest);
    }

    private VersionRange VersionsOf(ScriptStep step)
    {
        if (step is { IsForced: true, Versions: { } forced })
        {
            return forced;
        }

        VersionRange common = pair.CommonVersions(step.Api);
        VersionRange wanted = step.Versions ?? common;
        VersionRange versions = new(Math.Max(common.Lowest, wanted.Lowest), Math.Min(common.Highest, wanted.Highest));
        return versions.Lowest <= versions.Highest
            ? versions
            : throw new FormatException($"line {step.Line}: {step.Api} {wanted} is not served by both, only {common}");
    }

    private static int Width(VersionRange versions) => versions.Highest - versions.Lowest + 1;
}
