using System.Text.Json;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Tests.Support;
using Ottla.Client.Administration;
using Ottla.Client.Offsets;

namespace Ottla.Cli.Tests;

/// <summary>Every command that asks a broker, at a real one.</summary>
public sealed class CommandsAtABrokerTests
{
    [Fact]
    public async Task What_is_listed_or_described_is_a_table_for_people_or_JSON_for_programs()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "orders", "-p", "2", "-c", "retention.ms=60000");
        await ottla.SucceedWithAsync("one\ntwo\n", "produce", "orders");
        await ottla.SucceedAsync("consume", "orders", "-g", "billing", "-o", "beginning", "-e");

        foreach ((string command, string expected) in new[]
        {
            ("topic list", "orders"),
            ("topic describe orders", "retention.ms"),
            ("topic describe orders --all-configs", "segment.bytes"),
            ("topic offsets orders", "2"),
            ("group list", "billing"),
            ("group describe billing", "Empty"),
            ("group reset billing --to beginning", "0"),
            ("cluster info", "127.0.0.1"),
            ("config explain retention.ms", "604800000"),
        })
        {
            string[] table = await ottla.SucceedAsync(command.Split(' '));
            string json = string.Concat(await ottla.SucceedAsync([.. command.Split(' '), "--output", "json"]));

            Assert.Contains(table, line => line.Contains(expected, StringComparison.Ordinal));
            Assert.DoesNotContain(table, line => line.EndsWith(' '));
            Assert.Contains(expected, json, StringComparison.Ordinal);
            Assert.Contains(JsonDocument.Parse(json).RootElement.ValueKind, (JsonValueKind[])[JsonValueKind.Array, JsonValueKind.Object]);
        }
    }

    [Fact]
    public async Task A_topic_goes_through_its_life()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();

        Assert.Equal(["t could be created with 2 partitions, replication factor 1"], await ottla.SucceedAsync("topic", "create", "t", "-p", "2", "--dry-run"));
        Assert.Equal(["t created with 2 partitions, replication factor 1"], await ottla.SucceedAsync("topic", "create", "t", "-p", "2"));
        Assert.Equal(["t exists"], await ottla.SucceedAsync("topic", "create", "t", "--if-not-exists"));
        Assert.Equal(["t has 3 partitions"], await ottla.SucceedAsync("topic", "add-partitions", "t", "3"));
        Assert.Equal(["t altered"], await ottla.SucceedAsync("topic", "alter", "t", "-c", "retention.ms=1000"));
        Assert.Contains("retention.ms 1000  topic", await ottla.SucceedAsync("topic", "describe", "t"));
        Assert.Equal(["t altered"], await ottla.SucceedAsync("topic", "alter", "t", "-d", "retention.ms"));
        Assert.DoesNotContain(await ottla.SucceedAsync("topic", "describe", "t"), line => line.Contains("retention.ms", StringComparison.Ordinal));
        Assert.Equal(["t deleted"], await ottla.SucceedAsync("topic", "delete", "t"));
        Assert.Equal(["NAME PARTITIONS REPLICAS"], await ottla.SucceedAsync("topic", "list"));
    }

    [Fact]
    public async Task Records_keep_key_value_header_partition_and_time()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t", "-p", "3");

        await ottla.SucceedWithAsync("a:1\nb:\n", "produce", "t", "-k", ":", "-H", "from=test", "-p", "2", "-z", "zstd", "-Z");
        await ottla.SucceedWithAsync("1 9000 c=3\n", "produce", "t", "-f", "%p %T %k=%v", "--acks", "1");

        Assert.Equal(["2 0 a 1 from=test", "2 1 b  from=test"], await ottla.SucceedAsync("consume", "t", "-o", "beginning", "-e", "-p", "2", "-f", "%p %o %k %v %h\\n"));
        Assert.Equal(["9000 c 3 1 1"], await ottla.SucceedAsync("consume", "t", "-o", "@8999", "-e", "-p", "1", "-f", "%T %k %v %K %V\\n"));
        string[] json = await ottla.SucceedAsync("consume", "t", "-o", "1", "-e", "-p", "2", "--json");
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(Assert.Single(json)).RootElement.GetProperty("value").ValueKind);
        Assert.Equal(json, await ottla.SucceedAsync("consume", "t", "-o", "1", "-e", "-p", "2", "--output", "json"));
        Assert.Empty(await ottla.SucceedAsync("consume", "t", "-o", "end", "-e"));
    }

    [Fact]
    public async Task An_interrupted_consumer_has_committed_what_it_printed_and_left_its_group()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t");
        await ottla.SucceedWithAsync("1\n2\n3\n", "produce", "t");
        using WatchedOutput output = new();
        using StringWriter error = new();
        using CancellationTokenSource interrupt = new();

        Task<int> consuming = OttlaCommand.RunAsync(
            ["consume", "t", "-g", "g", "-o", "beginning", "-b", ottla.Broker.BootstrapServers], new CliConsole(output, error, () => Stream.Null), interrupt.Token);
        Assert.Equal(["1", "2", "3"], await output.LinesAsync(3));
        (int exitCode, _, string refused) = await ottla.RunAsync("group", "reset", "g", "-t", "t", "--to", "beginning", "--execute");
        Assert.Equal(ExitCode.Failure, exitCode);
        Assert.Contains("UNKNOWN_MEMBER_ID", refused, StringComparison.Ordinal);
        Assert.Contains("The group has members: stop them first.", refused, StringComparison.Ordinal);
        await ottla.SucceedWithAsync("4\n", "produce", "t");
        await output.LinesAsync(4);
        await interrupt.CancelAsync();

        Assert.Equal(ExitCode.Success, await consuming);
        Assert.Empty(error.ToString());
        GroupDescription group = await ottla.Broker.Client.Admin.Groups.DescribeAsync("g", TestContext.Current.CancellationToken);
        CommittedOffset offset = Assert.Single(await ottla.Broker.Client.Admin.Groups.OffsetsAsync("g", TestContext.Current.CancellationToken));
        Assert.Equal(("Empty", 4), (group.State, offset.Offset));
    }

    [Fact]
    public async Task A_group_is_read_on_reset_and_deleted()
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();
        await ottla.SucceedAsync("topic", "create", "t", "-p", "1");
        await ottla.SucceedWithAsync("1\n2\n3\n4\n", "produce", "t");

        Assert.Equal(["1", "2"], await ottla.SucceedAsync("consume", "t", "-g", "g", "-o", "beginning", "-n", "2"));
        Assert.Equal(["3", "4"], await ottla.SucceedAsync("consume", "t", "-g", "g", "-e"));
        Assert.Empty(await ottla.SucceedAsync("consume", "t", "-g", "g", "-e"));
        await ottla.SucceedAsync("group", "reset", "g", "--to", "3", "--execute");
        Assert.Equal(["4"], await ottla.SucceedAsync("consume", "t", "-g", "g", "-e"));
        Assert.Equal(["g deleted"], await ottla.SucceedAsync("group", "delete", "g"));
        Assert.Equal(["GROUP STATE TYPE PROTOCOL"], await ottla.SucceedAsync("group", "list"));
    }

    [Theory]
    [InlineData("Metadata failed on broker 127.0.0.1:PORT: UNKNOWN_TOPIC_OR_PARTITION: topic nope", "topic", "describe", "nope")]
    [InlineData("Metadata failed on broker 127.0.0.1:PORT: UNKNOWN_TOPIC_OR_PARTITION: topic nope", "produce", "nope")]
    [InlineData("Metadata failed on broker 127.0.0.1:PORT: UNKNOWN_TOPIC_OR_PARTITION: topic nope", "consume", "nope", "-e")]
    [InlineData("DescribeGroups failed on broker 127.0.0.1:PORT: GROUP_ID_NOT_FOUND", "group", "describe", "nope")]
    [InlineData("DeleteGroups failed on broker 127.0.0.1:PORT: GROUP_ID_NOT_FOUND", "group", "delete", "nope")]
    [InlineData("CreateTopics failed on broker 127.0.0.1:PORT: INVALID_CONFIG: ", "topic", "create", "x", "-c", "retention.ms=-7")]
    [InlineData("CreateTopics failed on broker 127.0.0.1:PORT: INVALID_REPLICATION_FACTOR: ", "topic", "create", "x", "-r", "3")]
    [InlineData("CreateTopics failed on broker 127.0.0.1:PORT: INVALID_TOPIC_EXCEPTION: ", "topic", "create", "not a name")]
    public async Task An_error_names_API_broker_and_Kafkas_error(string expected, params string[] arguments)
    {
        await using CommandScenario ottla = await CommandScenario.StartAsync();

        (int exitCode, string output, string error) = await ottla.RunAsync(arguments);

        Assert.Equal((ExitCode.Failure, ""), (exitCode, output));
        Assert.StartsWith("ottla: " + expected.Replace("127.0.0.1:PORT", ottla.Broker.BootstrapServers, StringComparison.Ordinal), error, StringComparison.Ordinal);
    }
}
