using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>What the published file needs of a machine, and what it costs when it has nothing to do.</summary>
public sealed class PublishedFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_starts_creates_a_topic_produces_and_consumes_with_ICU_and_OpenSSL_hidden()
    {
        // A mount namespace of its own, in which an empty file lies over each of the libraries.
        const string Script = """
            for library in /usr/lib/*/libssl.so* /usr/lib/*/libcrypto.so* /usr/lib/*/libicu*.so* /lib/*/libssl.so* /lib/*/libcrypto.so* /lib/*/libicu*.so*; do
                [ -f "$library" ] && mount --bind /dev/null "$library"
            done
            echo hidden
            exec "$@"
            """;
        CommandResult allowed = await ChildProcess.RunAsync(new CommandLine("unshare", "--mount", "true"), Cancellation);
        Assert.SkipUnless(allowed.ExitCode == 0, $"no mount namespace here: {allowed.Error}");
        using TemporaryFolder folder = new("hidden");
        int port = FreePort.Find();
        string address = $"127.0.0.1:{port}";
        string[] hidden = ["--mount", "sh", "-c", Script, "sh", BrokerProcess.OttlaProgram];
        await using ChildProcess broker = ChildProcess.Start(new CommandLine(
            "unshare", [.. hidden, "server", "start", "--data-dir", folder.Path, "--listener", $"PLAINTEXT://{address}"]));
        await broker.WaitForLineAsync("ready", TimeSpan.FromSeconds(60), Cancellation);

        await OttlaAsync("", "topic", "create", "hidden", "-b", address);
        await OttlaAsync("one\ntwo\n", "produce", "hidden", "-b", address);
        CommandResult read = await OttlaAsync("", "consume", "hidden", "-o", "beginning", "-n", "2", "-b", address);

        Assert.Equal(["hidden", "one", "two"], read.Lines);

        async Task<CommandResult> OttlaAsync(string input, params string[] arguments) => (await ChildProcess.RunAsync(
            new CommandLine("unshare", [.. hidden, .. arguments]) { Input = Encoding.UTF8.GetBytes(input) }, Cancellation)).ExpectExitCode(0);
    }

    [Fact]
    public async Task The_settings_of_Apache_Kafkas_own_server_properties_start_it()
    {
        using TemporaryFolder folder = new("properties");
        int port = FreePort.Find();
        string file = folder.Combine("server.properties");
        await File.WriteAllTextAsync(file, $"""
            # What Apache Kafka 4 ships as config/server.properties sets, with a free port and folder.
            process.roles=broker,controller
            node.id=1
            controller.quorum.bootstrap.servers=localhost:{port + 1}
            listeners=PLAINTEXT://:{port},CONTROLLER://:{port + 1}
            inter.broker.listener.name=PLAINTEXT
            advertised.listeners=PLAINTEXT://localhost:{port},CONTROLLER://localhost:{port + 1}
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
            num.network.threads=3
            num.io.threads=8
            socket.send.buffer.bytes=102400
            socket.receive.buffer.bytes=102400
            socket.request.max.bytes=104857600
            log.dirs={folder.Combine("logs")}
            num.partitions=1
            num.recovery.threads.per.data.dir=1
            offsets.topic.replication.factor=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            log.retention.hours=168
            log.segment.bytes=1073741824
            log.retention.check.interval.ms=300000
            """, Cancellation);

        await using ChildProcess broker = ChildProcess.Start(new CommandLine(BrokerProcess.OttlaProgram, "server", "start", "--config", file));
        await broker.WaitForLineAsync("ready", TimeSpan.FromSeconds(60), Cancellation);
        await ConfluentClients.CreateTopicAsync($"localhost:{port}", "configured", 2);

        Assert.Contains("num.io.threads", broker.ErrorSoFar, StringComparison.Ordinal);
        Assert.Empty(ConfluentClients.ReadAll($"localhost:{port}", "configured", 2));
    }

    [Fact]
    public async Task An_idle_long_poll_consumer_costs_less_than_a_hundredth_of_a_core()
    {
        const int Seconds = 10;
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [], Cancellation);
        await ConfluentClients.CreateTopicAsync(broker.Address, "idle", 1);
        using IConsumer<string, string> consumer = ConfluentClients.NewConsumer(broker.Address, "idle");
        consumer.Assign(new TopicPartitionOffset("idle", 0, Offset.Beginning));
        consumer.Consume(TimeSpan.FromSeconds(2));

        TimeSpan before = ProcessorTime(broker.ProcessId);
        consumer.Consume(TimeSpan.FromSeconds(Seconds));
        TimeSpan used = ProcessorTime(broker.ProcessId) - before;

        Assert.True(used < TimeSpan.FromSeconds(Seconds / 100.0), $"{used.TotalMilliseconds} ms of processor time in {Seconds} s");
    }

    [Fact]
    public async Task A_stopped_broker_ends_with_success_and_starts_again_without_recovery()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [], Cancellation);
        await ConfluentClients.CreateTopicAsync(broker.Address, "stopped", 1);

        CommandResult stopped = await broker.StopAsync(Cancellation);
        await broker.StartAgainAsync(Cancellation);

        Assert.Equal(0, stopped.ExitCode);
        Assert.Empty(ConfluentClients.ReadAll(broker.Address, "stopped", 1));
    }

    private static TimeSpan ProcessorTime(int process)
    {
        const int TicksPerSecond = 100, UserField = 11, SystemField = 12;
        string stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((double.Parse(fields[UserField]) + double.Parse(fields[SystemField])) / TicksPerSecond);
    }
}
