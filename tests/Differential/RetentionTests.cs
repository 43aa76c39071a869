using Ottla.Differential.Tests.Brokers;
using Ottla.Differential.Tests.Comparing;
using Ottla.Differential.Tests.Scripting;
using Ottla.Tests.Processes;

namespace Ottla.Differential.Tests;

/// <summary>Offsets are kept as long as Kafka keeps them. The brokers look more often than other scripts could stand.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly IReadOnlyList<ScriptCase> Scripts =
        ScriptReader.ReadFile(RepositoryRoot.Combine("tests", "Differential", "Scripts", "Retention", "retention.script"));

    private readonly BrokerPair _pair = new(["offsets.retention.check.interval.ms=200"]);

    /// <inheritdoc />
    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task Both_forget_the_same_offsets()
    {
        List<Difference> differences = [];
        foreach ((int number, ScriptCase script) in Scripts.Index())
        {
            differences.AddRange(await _pair.Results.OfRoundAsync(script, $"retention-{number}"));
        }

        Assert.True(differences.Count == 0, string.Join('\n', Difference.Summarize(differences)));
    }
}
