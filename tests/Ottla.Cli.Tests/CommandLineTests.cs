using System.Net;
using System.Net.Sockets;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Tests.Support;
using Ottla.Client.Administration;
using Ottla.Testing;

namespace Ottla.Cli.Tests;

public sealed class CommandLineTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("topic", "create")]
    [InlineData("topic", "frobnicate")]
    [InlineData("nonsense")]
    [InlineData("produce")]
    [InlineData("produce", "t", "--acks", "2")]
    [InlineData("produce", "t", "--compression", "rar")]
    [InlineData("consume", "t", "--partition", "one")]
    [InlineData("topic", "list", "--output", "xml")]
    [InlineData("group", "reset", "g")]
    [InlineData("completion", "cmd")]
    [InlineData("bench", "produce", "--topic", "t")]
    public async Task A_command_line_that_makes_no_sense_is_usage(params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("ottla: ", error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--config: \"x\" is not KEY=VALUE", "topic", "create", "t", "-c", "x")]
    [InlineData("--offset: \"soon\" is no place to begin; allowed are beginning, end", "consume", "t", "-o", "soon")]
    [InlineData("--offset: \"yesterday\" is no time", "consume", "t", "-o", "@yesterday")]
    [InlineData("Cannot parse argument 'one' for option '--partition' as a number.", "consume", "t", "-p", "one")]
    [InlineData("Cannot parse argument 'much' for option '--throughput' as a number.", "bench", "latency", "--topic", "t", "--throughput", "much")]
    [InlineData("Cannot parse argument 'loud' for option '--log-level'. Did you mean", "server", "start", "--log-level", "loud")]
    [InlineData("Unrecognized command or argument 'frobnicate'.", "topic", "frobnicate")]
    [InlineData("--num: a count cannot be negative", "consume", "t", "-n", "-1")]
    [InlineData("--group: a group's id cannot be empty", "consume", "t", "-g", "")]
    [InlineData("--group: a group's id cannot be empty", "bench", "consume", "--topic", "t", "--num-records", "1", "--group", "")]
    [InlineData("group.id cannot be empty", "bench", "consume", "--topic", "t", "--num-records", "1", "--consumer-props", "group.id=")]
    [InlineData("enable.idempotence=true needs acks=all", "bench", "produce", "--topic", "t", "--num-records", "1", "--producer-props", "acks=0", "enable.idempotence=true")]
    [InlineData("enable.idempotence=true needs acks=all", "bench", "latency", "--topic", "t", "--producer-props", "enable.idempotence=true")]
    [InlineData("buffer.memory is at least max.request.size", "bench", "produce", "--topic", "t", "--num-records", "1", "--producer-props", "buffer.memory=1000")]
    [InlineData("delivery.timeout.ms: \"0\" is not allowed", "bench", "produce", "--topic", "t", "--num-records", "1", "--producer-props", "delivery.timeout.ms=0")]
    [InlineData("--group shares the partitions out itself", "consume", "t", "-g", "g", "-p", "1")]
    [InlineData("`ottla group reset` moves a group", "consume", "t", "-g", "g", "-o", "5")]
    [InlineData("--json and --format exclude each other", "consume", "t", "--json", "-f", "%v")]
    [InlineData("unknown field; allowed are %t", "consume", "t", "-f", "%x")]
    [InlineData("say the same thing", "produce", "t", "-k", ":", "-f", "%k:%v")]
    [InlineData("--header: \"x\" is not NAME=VALUE", "produce", "t", "-H", "x")]
    [InlineData("Say what to change", "topic", "alter", "t")]
    [InlineData("acks: \"2\" is not allowed; allowed are all, -1, 0, 1", "bench", "produce", "--topic", "t", "--num-records", "1", "--producer-props", "acks=2")]
    [InlineData("retries is no setting of this client; allowed are acks", "bench", "produce", "--topic", "t", "--num-records", "1", "--producer-props", "retries=2")]
    [InlineData("transactional.id: Ottla has no transactions yet", "bench", "produce", "--topic", "t", "--num-records", "1", "--command-property", "transactional.id=x")]
    [InlineData("--transactional-id: Ottla has no transactions yet", "bench", "produce", "--topic", "t", "--num-records", "1", "--transactional-id", "x")]
    [InlineData("--transaction-duration-ms: Ottla has no transactions yet", "bench", "produce", "--topic", "t", "--num-records", "1", "--transaction-duration-ms", "9")]
    [InlineData("--command-config: Could not find file", "bench", "produce", "--topic", "t", "--num-records", "1", "--command-config", "/nowhere")]
    [InlineData("--command-config: Could not find file", "bench", "produce", "--topic", "t", "--num-records", "1", "--producer.config", "/nowhere")]
    [InlineData("--command-config: Could not find file", "bench", "consume", "--topic", "t", "--num-records", "1", "--command-config", "/nowhere")]
    [InlineData("--command-config: Could not find file", "bench", "consume", "--topic", "t", "--num-records", "1", "--consumer.config", "/nowhere")]
    [InlineData("--command-config: Could not find file", "bench", "latency", "--topic", "t", "--command-config", "/nowhere")]
    [InlineData("--payload-file: Could not find file", "bench", "produce", "--topic", "t", "--num-records", "1", "--payload-file", "/nowhere")]
    [InlineData("--record-size, --payload-file and --payload-monotonic exclude each other", "bench", "produce", "--topic", "t", "--num-records", "1", "--payload-monotonic", "--record-size", "9")]
    [InlineData("--warmup-records: \"5\" is not allowed; allowed are 0 to 4", "bench", "produce", "--topic", "t", "--num-records", "5", "--warmup-records", "5")]
    [InlineData("--reporting-interval: \"0\" is not allowed; allowed are 1 to 2147483647", "bench", "produce", "--topic", "t", "--num-records", "5", "--reporting-interval", "0")]
    [InlineData("--reporting-interval: \"0\" is not allowed; allowed are 1 to 2147483647", "bench", "consume", "--topic", "t", "--num-records", "5", "--reporting-interval", "0")]
    [InlineData("--fetch-size: \"9\" is not allowed; allowed are 1024 to 2147483647", "bench", "consume", "--topic", "t", "--num-records", "5", "--fetch-size", "9")]
    [InlineData("Either --topic or --include says what to read", "bench", "consume", "--num-records", "5")]
    [InlineData("Either --topic or --include says what to read", "bench", "consume", "--topic", "t", "--include", "t", "--num-records", "5")]
    [InlineData("--include: \"(\" is no regular expression", "bench", "consume", "--include", "(", "--num-records", "5")]
    [InlineData("--date-format: \"yyyy-ww\" has the letter w; allowed are y M d", "bench", "consume", "--topic", "t", "--num-records", "5", "--date-format", "yyyy-ww")]
    [InlineData("--socket-buffer-size: this client leaves", "bench", "consume", "--topic", "t", "--num-records", "5", "--socket-buffer-size", "65536")]
    [InlineData("--record-key-size: \"-1\" is not allowed; allowed are 0 to", "bench", "latency", "--topic", "t", "--record-key-size", "-1")]
    [InlineData("--num-headers: \"-1\" is not allowed; allowed are 0 to", "bench", "latency", "--topic", "t", "--num-headers", "-1")]
    [InlineData("--record-header-key-size: \"-1\" is not allowed; allowed are 0 to", "bench", "latency", "--topic", "t", "--record-header-key-size", "-1")]
    [InlineData("--record-header-size: \"-2\" is not allowed; allowed are -1 to", "bench", "latency", "--topic", "t", "--record-header-size", "-2")]
    [InlineData("--bootstrap-server: \"a:b\" is not HOST:PORT", "topic", "list", "-b", "a:b")]
    [InlineData("There is no key log.dri. Did you mean log.dir?", "config", "explain", "log.dri")]
    [InlineData("--set: \"x\" is not KEY=VALUE", "server", "start", "--set", "x")]
    [InlineData("num.partitions", "server", "start", "--set", "num.partitions=many")]
    [InlineData("ottla.http.listener", "server", "start", "--http", "nowhere")]
    public async Task A_wrong_value_is_named_with_what_is_allowed(string expected, params string[] arguments)
    {
        (int exitCode, _, string error) = await RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_broker_the_error_says_what_was_tried_and_how_to_start_one()
    {
        int port = FreePort();
        (int exitCode, string output, string error) = await RunAsync("topic", "list", "-b", $"127.0.0.1:{port}");
        Assert.Equal(ExitCode.Failure, exitCode);
        Assert.Empty(output);
        Assert.Contains($"127.0.0.1:{port}", error, StringComparison.Ordinal);
        Assert.Contains("ottla dev up", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_settings_may_name_the_brokers()
    {
        int port = FreePort();
        using OptionFileText settings = new($"bootstrap.servers=127.0.0.1:{port}\n");

        (_, _, string error) = await RunAsync("bench", "consume", "--topic", "t", "--num-records", "1", "--command-config", settings.Path);

        Assert.Contains($"Tried 127.0.0.1:{port}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_command_fails()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        (CliConsole console, _, StringWriter error) = CliConsole.ForTests();
        Assert.Equal(ExitCode.Failure, await OttlaCommand.RunAsync(["topic", "list", "-b", $"127.0.0.1:{FreePort()}"], console, cancelled.Token));
        Assert.Contains("interrupted", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_printed()
    {
        (int exitCode, string output, _) = await RunAsync("version");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.StartsWith($"ottla {VersionCommand.Version} (", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "-F _ottla ottla")]
    [InlineData("zsh", "compdef _ottla ottla")]
    [InlineData("fish", "complete -c ottla")]
    public async Task A_shell_gets_its_script(string shell, string expected)
    {
        (int exitCode, string output, _) = await RunAsync("completion", shell);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_suggests_the_verbs_of_a_noun()
    {
        (int exitCode, string output, _) = await RunAsync("[suggest:12]", "ottla topic ");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("add-partitions", output, StringComparison.Ordinal);
        Assert.Contains("offsets", output, StringComparison.Ordinal);
        Assert.DoesNotContain("/h", output.Split('\n'));
    }

    [Fact]
    public async Task What_should_not_happen_is_a_failure_with_what_a_report_needs()
    {
        using var error = new StringWriter();
        var console = new CliConsole(TextWriter.Null, error, () => throw new InvalidOperationException("no input here"));
        await using TestBroker broker = await TestBroker.StartAsync(cancellationToken: Token);
        await broker.Client.Admin.Topics.CreateAsync(new NewTopic { Name = "t" }, cancellationToken: Token);

        Assert.Equal(ExitCode.Failure, await OttlaCommand.RunAsync(["produce", "t", "-b", broker.BootstrapServers], console, Token));
        Assert.Contains("please report it: System.InvalidOperationException: no input here", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(CommandLineTests), error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_explained_with_type_default_and_range()
    {
        (int exitCode, string output, _) = await RunAsync("config", "explain", "num.partitions");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("default: 1", output, StringComparison.Ordinal);
        Assert.Contains("allowed:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("topic")]
    [InlineData("topic", "create")]
    [InlineData("bench", "latency")]
    public async Task Help_is_printed_for_every_level(params string[] path)
    {
        (int exitCode, string output, _) = await RunAsync([.. path, "--help"]);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        Assert.Contains("--bootstrap-server", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        (CliConsole console, StringWriter output, StringWriter error) = CliConsole.ForTests();
        int exitCode = await OttlaCommand.RunAsync(arguments, console, Token);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port; // bound just now
    }
}
