using Ottla.Tests.Processes;

namespace Ottla.Storage.Tests.Support;

/// <summary>
/// The data directory of one Apache Kafka broker, as it was after a kill and as it was after a second life and a clean stop. Made once;
/// a test opens a copy.
/// </summary>
public sealed class ApacheKafkaData : IAsyncLifetime
{
    private static readonly string[] Settings =
    [
        "auto.create.topics.enable=false",
        "offsets.topic.num.partitions=1",
        "transaction.state.log.num.partitions=1",
        "broker.session.timeout.ms=2000", // as long as the start after a kill is held up
        "broker.heartbeat.interval.ms=200",
        "log.cleaner.backoff.ms=20",
        "log.cleaner.dedupe.buffer.size=33554432",
        "log.initial.task.delay.ms=100",
        "log.retention.check.interval.ms=100",
        "log.flush.start.offset.checkpoint.interval.ms=10",
        "log.flush.offset.checkpoint.interval.ms=1000",
    ];

    private readonly TemporaryFolder _folder = new("kafka-data");

    /// <summary>What Kafka said before the clean stop.</summary>
    internal IReadOnlyList<ApacheKafkaAnswer> Answers { get; private set; } = [];

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (ApacheKafka.Missing is not null)
        {
            return;
        }

        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Kafka, Settings, CancellationToken.None);
        var topics = new ApacheKafkaTopics(broker);
        await topics.CreateAsync();
        await using ChildProcess javaProducer = ApacheKafka.Start(
            "producer-perf", "--topic", ApacheKafkaTopics.Transfers, "--num-records", "2000", "--record-size", "100", "--throughput", "2000",
            "--transactional-id", ApacheKafkaTopics.JavaTransaction, "--transaction-duration-ms", "100", "--producer-props", $"bootstrap.servers={broker.Address}", "batch.size=2000");
        await topics.FillAsync();
        (await javaProducer.WaitForExitAsync(TimeSpan.FromSeconds(60), CancellationToken.None)).ExpectExitCode(0);
        topics.LeaveTransactionOpen();
        await broker.KillAsync();
        await CopyAsync(broker.DataFolder, PathOf(isKilled: true));

        await broker.StartAgainAsync(CancellationToken.None);
        await topics.FillAgainAsync();
        Answers = await topics.AskAsync();
        await broker.StopAsync(CancellationToken.None);
        await CopyAsync(broker.DataFolder, PathOf(isKilled: false));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The data as Kafka left it; not to be changed.</summary>
    internal string PathOf(bool isKilled) => _folder.Combine(isKilled ? "killed" : "stopped");

    /// <summary>Copies the data to <paramref name="destination"/>, which must not exist.</summary>
    internal Task CopyAsync(bool isKilled, string destination) => CopyAsync(PathOf(isKilled), destination);

    // Kafka's indexes are files full of holes: cp keeps them, File.Copy fills them with zeros.
    private static async Task CopyAsync(string source, string destination) =>
        (await ChildProcess.RunAsync(new CommandLine("cp", "-a", source, destination), CancellationToken.None)).ExpectExitCode(0);
}
