using System.Text;
using Ottla.Conformance.Tests.Brokers;
using Ottla.Tests.Processes;

namespace Ottla.Conformance.Tests;

public sealed class KcatTests(BrokerFixture broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("all")]
    public async Task Lines_with_keys_and_headers_come_back(string acks)
    {
        string topic = await broker.NewTopicAsync($"kcat-acks-{acks}");

        await KcatAsync("a:one\nb:two\n", "-P", "-t", topic, "-K", ":", "-H", "origin=kcat", "-X", $"acks={acks}");
        CommandResult read = await KcatAsync(string.Empty, "-C", "-t", topic, "-o", "beginning", "-c", "2", "-f", "%p %o %k %s %h\\n");

        Assert.Equal("0 0 a one origin=kcat\n0 1 b two origin=kcat\n", read.Output);
    }

    [Fact]
    public async Task Null_keys_and_null_values_stay_null()
    {
        string topic = await broker.NewTopicAsync("kcat-null");

        await KcatAsync("only-key:\n:\n", "-P", "-t", topic, "-K", ":", "-Z");
        CommandResult read = await KcatAsync(string.Empty, "-C", "-t", topic, "-o", "beginning", "-c", "2", "-Z", "-f", "%k|%s\\n");

        Assert.Equal("only-key|NULL\nNULL|NULL\n", read.Output);
    }

    [Fact]
    public async Task The_metadata_list_names_the_broker_and_the_topic()
    {
        string topic = await broker.NewTopicAsync("kcat-list", partitions: 3);

        CommandResult list = await KcatAsync(string.Empty, "-L", "-t", topic);

        list.ExpectOutput($" 1 brokers:").ExpectOutput(broker.Address).ExpectOutput($"topic \"{topic}\" with 3 partitions:");
    }

    [Fact]
    public async Task An_offset_is_found_by_time_from_the_end_and_from_the_beginning()
    {
        string topic = await broker.NewTopicAsync("kcat-query");
        await KcatAsync("1\n2\n3\n", "-P", "-t", topic);

        CommandResult end = await KcatAsync(string.Empty, "-Q", "-t", $"{topic}:0:-1", "-t", $"{topic}:0:-2");
        CommandResult time = await KcatAsync(string.Empty, "-Q", "-t", $"{topic}:0:1");
        CommandResult tail = await KcatAsync(string.Empty, "-C", "-t", topic, "-o", "-1", "-e", "-q");

        Assert.Matches($@"(?m)^{topic} \[0\] offset (0|3)$", end.Output);
        time.ExpectOutput($"{topic} [0] offset 0");
        Assert.Equal("3\n", tail.Output);
    }

    [Fact]
    public async Task Many_partitions_are_written_and_read()
    {
        const int Partitions = 200, Records = 2_000;
        string topic = await broker.NewTopicAsync("kcat-many", Partitions);
        string lines = string.Concat(Enumerable.Range(0, Records).Select(index => $"{index}\n"));

        await KcatAsync(lines, "-P", "-t", topic, "-X", "sticky.partitioning.linger.ms=0");
        CommandResult read = await KcatAsync(string.Empty, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%p %s\\n");

        string[][] found = [.. read.Lines.Select(line => line.Split(' '))];
        Assert.Equal(Enumerable.Range(0, Records), found.Select(pair => int.Parse(pair[1])).Order());
        Assert.Equal(Partitions, found.Select(pair => pair[0]).Distinct().Count());
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_is_created_by_producing_to_it()
    {
        string topic = broker.NewName("kcat-auto");

        await KcatAsync("created\n", "-P", "-t", topic);
        CommandResult read = await KcatAsync(string.Empty, "-C", "-t", topic, "-o", "beginning", "-e", "-q");

        Assert.Equal("created\n", read.Output);
    }

    [Fact]
    public async Task An_offset_out_of_range_is_an_error_or_resets_as_the_client_asks()
    {
        string topic = await broker.NewTopicAsync("kcat-range");
        await KcatAsync("first\n", "-P", "-t", topic);

        CommandResult reset = await KcatAsync(string.Empty, "-C", "-t", topic, "-o", "1000", "-c", "1", "-q", "-X", "topic.auto.offset.reset=earliest");
        CommandResult refused = await ChildProcess.RunAsync(
            Command(string.Empty, "-C", "-t", topic, "-o", "1000", "-c", "1", "-X", "topic.auto.offset.reset=error"), Cancellation);

        Assert.Equal("first\n", reset.Output);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("out of range", refused.Error, StringComparison.OrdinalIgnoreCase);
    }

    private CommandLine Command(string input, params string[] arguments) =>
        new("kcat", ["-b", broker.Address, .. arguments]) { Input = Encoding.UTF8.GetBytes(input), Timeout = TimeSpan.FromSeconds(60) };

    private async Task<CommandResult> KcatAsync(string input, params string[] arguments) =>
        (await ChildProcess.RunAsync(Command(input, arguments), Cancellation)).ExpectExitCode(0);
}
