using Ottla.Cli.CommandLine;
using Ottla.Cli.Tests.Support;

namespace Ottla.Cli.Tests.Benchmarks;

/// <summary><c>ottla bench</c> at a real broker: the options of Kafka's performance tools, and their lines.</summary>
public sealed class BenchmarksAtABrokerTests
{
    [Fact]
    public async Task Benchmarks_report_in_the_words_of_Kafkas_tools()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");

        string[] produced = await ottla.SucceedAsync("bench", "produce", "--topic", "t", "--num-records", "2000", "--record-size", "50", "--throughput", "-1");
        string[] consumed = await ottla.SucceedAsync("bench", "consume", "--topic", "t", "--num-records", "2000");
        string[] latency = await ottla.SucceedAsync("bench", "latency", "--topic", "t", "--num-records", "20");

        Assert.Matches("^2000 records sent, [0-9]+\\.[0-9]{6} records/sec \\([0-9.]+ MB/sec\\), [0-9.]+ ms avg latency, .* ms 99.9th\\.$", produced[^1]);
        Assert.Matches("^[0-9]+ records consumed in [0-9.]+ s, [0-9.]+ records/sec \\([0-9.]+ MB/sec\\)", consumed[^1]);
        Assert.Matches("^20 records, [0-9.]+ ms avg latency", latency[^1]);
    }

    [Fact]
    public async Task Values_come_from_a_file_or_count_up()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "chosen");
        await ottla.SucceedAsync("topic", "create", "counted");
        using OptionFileText values = new("red;green;blue");

        string[] produced = await ottla.SucceedAsync(
            "bench", "produce", "--topic", "chosen", "--num-records", "200", "--payload-file", values.Path, "--payload-delimiter", ";");
        await ottla.SucceedAsync("bench", "produce", "--topic", "counted", "--num-records", "12", "--payload-monotonic");

        Assert.Equal([$"Reading payloads from: {values.Path}", "Number of records read: 3"], produced[..2]);
        string[] chosen = await ottla.SucceedAsync("consume", "chosen", "-o", "beginning", "-e");
        Assert.Equal(200, chosen.Length);
        Assert.Equal(new HashSet<string> { "red", "green", "blue" }, chosen.ToHashSet());
        Assert.Equal(
            Enumerable.Range(0, 12).Select(number => $"{number}"),
            await ottla.SucceedAsync("consume", "counted", "-o", "beginning", "-e"));
    }

    [Fact]
    public async Task A_warm_up_is_reported_apart_from_the_steady_state()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");

        string[] lines = await ottla.SucceedAsync("bench", "produce", "--topic", "t", "--num-records", "2000", "--record-size", "50", "--warmup-records", "500");

        Assert.Equal("Warmup first 500 records. Steady state results will print after the complete test summary.", lines[0]);
        Assert.StartsWith("2000 records sent, ", lines[^2], StringComparison.Ordinal);
        Assert.StartsWith("1500 steady state records sent, ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_comes_as_often_as_asked_and_says_when_the_warm_up_is_over()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");
        using WatchedOutput output = new();
        using StringWriter error = new();
        using CancellationTokenSource interrupt = new();

        Task<int> producing = OttlaCommand.RunAsync(
            ["bench", "produce", "--topic", "t", "--num-records", "1000000", "--throughput", "100", "--reporting-interval", "20", "--warmup-records", "10", "-b", ottla.Broker.BootstrapServers],
            new CliConsole(output, error, () => Stream.Null),
            interrupt.Token);
        string[] lines = [];
        while (!lines.Contains("In steady state."))
        {
            lines = await output.LinesAsync(lines.Length + 1);
        }

        lines = await output.LinesAsync(lines.Length + 3);
        await interrupt.CancelAsync();

        Assert.Equal(ExitCode.Failure, await producing);
        Assert.Single(lines, line => line == "In steady state.");
        Assert.All(
            lines[1..].Where(line => line != "In steady state."),
            line => Assert.Matches("^[0-9]+ records sent, [0-9]+\\.[0-9] records/sec \\(.* ms max latency\\.$", line));
    }
}
