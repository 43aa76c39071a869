using System.Text.Json;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Tests.Support;

namespace Ottla.Cli.Tests.Benchmarks;

/// <summary><c>ottla bench</c> at a real broker: the options of Kafka's performance tools, and their lines.</summary>
public sealed class BenchmarksAtABrokerTests
{
    private const string Columns = "data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec";
    private const string Number = "[0-9]+\\.[0-9]{4}";

    [Fact]
    public async Task Benchmarks_report_in_the_words_of_Kafkas_tools()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");

        string[] produced = await ottla.SucceedAsync("bench", "produce", "--topic", "t", "--num-records", "2000", "--record-size", "50", "--throughput", "-1");
        string[] consumed = await ottla.SucceedAsync("bench", "consume", "--topic", "t", "--num-records", "2000");
        string[] latency = await ottla.SucceedAsync("bench", "latency", "--topic", "new", "--num-records", "1001");

        Assert.Matches("^2000 records sent, [0-9]+\\.[0-9]{6} records/sec \\([0-9.]+ MB/sec\\), [0-9.]+ ms avg latency, .* ms 99.9th\\.$", produced[^1]);
        Assert.Equal($"start.time, end.time, {Columns}", consumed[0]);
        Assert.Matches($"^20[0-9-]+ [0-9:]{{12}}, 20[0-9-]+ [0-9:]{{12}}, 0\\.0954, {Number}, 2000, {Number}, 0, [0-9]+, {Number}, {Number}$", Assert.Single(consumed[1..]));
        Assert.Equal(5, latency.Length);
        Assert.Equal("Topic \"new\" does not exist. Will create topic with 1 partition(s) and replication factor = 1", latency[0]);
        Assert.Matches("^0\t[0-9.]+$", latency[1]);
        Assert.Matches("^1000\t[0-9.]+$", latency[2]);
        Assert.Matches("^Avg latency: [0-9]+\\.[0-9]{4} ms$", latency[3]);
        Assert.Matches("^Percentiles: 50th = [0-9.]+, 99th = [0-9.]+, 99.9th = [0-9.]+$", latency[4]);
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

    [Fact]
    public async Task Details_of_consuming_replace_the_line_at_the_end()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");
        await ottla.SucceedAsync("bench", "produce", "--topic", "t", "--num-records", "3000", "--record-size", "1000", "--producer-props", "batch.size=16384");

        string[] lines = await ottla.SucceedAsync(
            "bench", "consume", "--topic", "t", "--num-records", "3000", "--show-detailed-stats", "--reporting-interval", "1", "--date-format", "'at' yyyy");

        Assert.Equal($"time, threadId, {Columns}", lines[0]);
        Assert.NotEmpty(lines[1..]);
        Assert.All(lines[1..], line => Assert.Matches($"^at 20[0-9]{{2}}, 0, {Number}, {Number}, [0-9]+, {Number}, 0, [0-9]+, {Number}, {Number}$", line));
    }

    [Fact]
    public async Task Topics_are_included_by_their_whole_name_and_the_header_hidden()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        foreach (string topic in (string[])["in1", "in2", "within1", "in1x"])
        {
            await ottla.SucceedAsync("topic", "create", topic);
            await ottla.SucceedWithAsync("1\n2\n3\n", "produce", topic);
        }

        string[] lines = await ottla.SucceedAsync("bench", "consume", "--include", "in[12]", "--num-records", "7", "--timeout", "1000", "--hide-header");

        Assert.Equal(2, lines.Length);
        Assert.StartsWith("WARNING: Exiting before consuming the expected number of records: timeout (1000 ms) exceeded.", lines[0], StringComparison.Ordinal);
        Assert.Equal("6", lines[1].Split(", ")[4]);
        (int exitCode, _, string error) = await ottla.RunAsync("bench", "consume", "--include", "out.*", "--num-records", "7");
        Assert.Equal((ExitCode.Failure, "ottla: No topic matches \"out.*\".\n"), (exitCode, error));
    }

    [Theory]
    [InlineData("0", "--from-latest")]
    [InlineData("3")]
    [InlineData("0", "--from-latest", "--group", "g")]
    [InlineData("3", "--group", "g")]
    [InlineData("0", "--consumer-props", "auto.offset.reset=latest")]
    public async Task Reading_begins_at_the_beginning_or_at_the_end(string expected, params string[] options)
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");
        await ottla.SucceedWithAsync("1\n2\n3\n", "produce", "t");

        string[] lines = await ottla.SucceedAsync(["bench", "consume", "--topic", "t", "--num-records", "4", "--timeout", "2000", .. options]);

        Assert.Equal(expected, lines[^1].Split(", ")[4]);
    }

    [Fact]
    public async Task Settings_of_a_file_count_unless_the_command_line_has_them_too()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");
        using OptionFileText settings = new("# not for this client\nacks = 7\nfetch.min.bytes: 1\n");
        string[] command = ["bench", "latency", "--topic", "t", "--num-records", "5", "--command-config", settings.Path];

        (int exitCode, _, string error) = await ottla.RunAsync(command);
        Assert.Equal((ExitCode.Usage, "ottla: acks: \"7\" is not allowed; allowed are all, -1, 0, 1.\n"), (exitCode, error));
        await ottla.SucceedAsync([.. command, "--command-property", "acks=all"]);
        await ottla.SucceedAsync([.. command, "--producer-acks", "all"]);
    }

    [Fact]
    public async Task Metrics_come_last_under_Kafkas_names()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");

        string[] produced = await ottla.SucceedAsync("bench", "produce", "--topic", "t", "--num-records", "20", "--print-metrics", "--command-property", "client.id=perf");
        string[] consumed = await ottla.SucceedAsync("bench", "consume", "--topic", "t", "--num-records", "20", "--print-metrics");

        Assert.Equal(
            [
                "Metric Name                                                           Value",
                "producer-metrics:buffer-available-bytes:{client-id=perf}            : 33554432.000",
                "producer-metrics:buffer-total-bytes:{client-id=perf}                : 33554432.000",
                "producer-metrics:record-error-total:{client-id=perf}                : 0.000",
                "producer-metrics:record-send-total:{client-id=perf}                 : 20.000",
                "producer-topic-metrics:record-error-total:{client-id=perf, topic=t} : 0.000",
                "producer-topic-metrics:record-send-total:{client-id=perf, topic=t}  : 20.000",
            ],
            produced[1..]);
        Assert.Equal(
            [
                "Metric Name                                                                   Value",
                "consumer-coordinator-metrics:assigned-partitions:{client-id=ottla-cli}      : 1.000",
                "consumer-fetch-manager-metrics:records-consumed-total:{client-id=ottla-cli} : 20.000",
            ],
            consumed[2..]);
    }

    [Fact]
    public async Task Records_of_the_latency_benchmark_have_the_parts_that_were_asked_for()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");

        await ottla.SucceedAsync(
            "bench", "latency", "--topic", "t", "--num-records", "1", "--record-size", "20", "--record-key-size", "5", "--num-headers", "2", "--record-header-key-size", "3", "--record-header-size", "4");
        await ottla.SucceedAsync("bench", "latency", "--topic", "t", "--num-records", "1", "--num-headers", "1", "--record-header-size", "-1");

        Assert.Equal(["5 20", "-1 100"], await ottla.SucceedAsync("consume", "t", "-o", "beginning", "-e", "-f", "%K %V\\n"));
        JsonElement[][] headers =
        [
            .. (await ottla.SucceedAsync("consume", "t", "-o", "beginning", "-e", "--json"))
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("headers").EnumerateArray().ToArray()),
        ];
        Assert.Equal(["HHH=AAAA", "HHH=AAAA"], headers[0].Select(Describe));
        Assert.Equal(["="], headers[1].Select(Describe));
        Assert.Equal(JsonValueKind.Null, headers[1][0].GetProperty("value").ValueKind);
    }

    private static string Describe(JsonElement header) => $"{header.GetProperty("name").GetString()}={header.GetProperty("value").GetString()}";
}
