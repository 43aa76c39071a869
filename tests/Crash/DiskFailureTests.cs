using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>The published file on a disk that is full or broken: appends are refused, what was acknowledged stays, the process goes on.</summary>
public sealed class DiskFailureTests
{
    private const string Topic = "orders";
    private const int ValueBytes = 200_000;

    private static readonly string Value = string.Concat(Enumerable.Repeat("0123456789", ValueBytes / 10));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_full_disk_appends_are_refused_reads_go_on_and_with_room_appends_are_taken_again()
    {
        await using MountedDisk disk = await MountedDisk.MountAsync(64, Cancellation);
        disk.TakeRoom(24);
        await using BrokerProcess broker = await BrokerProcess.StartInAsync(Path.Combine(disk.Path, "data"), ["log.segment.bytes=4194304"], Cancellation);
        await ConfluentClients.CreateTopicAsync(broker.Address, Topic, 1);
        using IProducer<string, string> producer = NewImpatientProducer(broker.Address);

        List<string> acknowledged = [];
        ErrorCode refusal = await ProduceUntilAsync(producer, acknowledged, error => error != ErrorCode.NoError, limit: 1_000);

        Assert.Equal(ErrorCode.KafkaStorageError, refusal);
        Assert.True(acknowledged.Count > 50, $"only {acknowledged.Count} records fitted");
        Assert.Equal(acknowledged, Keys(broker));
        Assert.Contains(Topic, ConfluentClients.ListTopics(broker.Address));
        disk.TakeAll();
        Assert.Equal(ErrorCode.KafkaStorageError, await ProduceUntilAsync(producer, acknowledged, _ => true, limit: 1));

        // Room is looked for now and then, not at every append.
        disk.GiveRoom();
        Assert.Equal(ErrorCode.NoError, await ProduceUntilAsync(producer, acknowledged, error => error == ErrorCode.NoError, limit: int.MaxValue));
        Assert.Equal(acknowledged, Keys(broker));

        await broker.KillAsync();
        await broker.StartAgainAsync(Cancellation);
        Assert.Equal(acknowledged, Keys(broker));
    }

    [Fact]
    public async Task A_topic_made_while_the_disk_fills_up_gets_its_partitions_when_there_is_room()
    {
        const int Partitions = 1_000;
        await using MountedDisk disk = await MountedDisk.MountAsync(24, Cancellation);
        disk.TakeRoom(21);
        await using BrokerProcess broker = await BrokerProcess.StartInAsync(Path.Combine(disk.Path, "data"), [], Cancellation);
        using IProducer<string, string> producer = NewImpatientProducer(broker.Address);
        await ConfluentClients.CreateTopicAsync(broker.Address, Topic, Partitions);
        List<string> acknowledged = [];
        Assert.Equal(ErrorCode.KafkaStorageError, await ProduceUntilAsync(producer, acknowledged, _ => true, limit: 1, partition: Partitions - 1));

        disk.GiveRoom();
        Assert.Equal(ErrorCode.NoError, await ProduceUntilAsync(producer, acknowledged, error => error == ErrorCode.NoError, limit: int.MaxValue, partition: Partitions - 1));
        Assert.Equal(["0"], ConfluentClients.ReadAll(broker.Address, Topic, Partitions).Select(result => result.Message.Key));
    }

    [Fact]
    public async Task A_sync_that_fails_takes_the_directory_offline_for_good_and_the_process_goes_on()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [], Cancellation);
        await ConfluentClients.CreateTopicAsync(broker.Address, Topic, 1);
        await SyncEachAppendAsync(broker);
        using IProducer<string, string> producer = NewImpatientProducer(broker.Address);
        List<string> acknowledged = [];
        await ProduceUntilAsync(producer, acknowledged, _ => acknowledged.Count == 10, limit: 10);

        ChildProcess strace = ChildProcess.Start(new CommandLine(
            "strace", "-f", "-qq", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO", "-o", "/dev/null", "-p", $"{broker.ProcessId}"));
        await using (strace)
        {
            // Appends are acknowledged until the tracer is attached.
            Assert.Equal(ErrorCode.KafkaStorageError, await ProduceUntilAsync(producer, acknowledged, error => error != ErrorCode.NoError, limit: 10_000));
        }

        // The disk works again, and is not believed: what the failed sync dropped cannot be known.
        Assert.Equal(ErrorCode.KafkaStorageError, await ProduceUntilAsync(producer, acknowledged, _ => true, limit: 1));
        Assert.Contains(Topic, ConfluentClients.ListTopics(broker.Address));
        Assert.Contains("offline", broker.Output, StringComparison.OrdinalIgnoreCase);

        await broker.KillAsync();
        await broker.StartAgainAsync(Cancellation);
        Assert.Equal(acknowledged, Keys(broker).Take(acknowledged.Count));
        Assert.Equal(ErrorCode.NoError, await ProduceUntilAsync(producer, acknowledged, error => error == ErrorCode.NoError, limit: 100));
    }

    [Fact]
    public async Task A_write_that_stalls_keeps_nobody_else_waiting()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [], Cancellation);
        await ConfluentClients.CreateTopicAsync(broker.Address, Topic, 1);
        using IProducer<string, string> producer = NewImpatientProducer(broker.Address);
        List<string> acknowledged = [];
        await ProduceUntilAsync(producer, acknowledged, _ => acknowledged.Count == 10, limit: 10);

        await using ChildProcess strace = ChildProcess.Start(new CommandLine(
            "strace", "-f", "-qq", "-e", "trace=pwrite64,pwritev", "-e", "inject=pwrite64,pwritev:delay_enter=10000000", "-o", "/dev/null", "-p", $"{broker.ProcessId}"));
        Task<DeliveryResult<string, string>> stalled;
        do
        {
            // Appends are fast until the tracer is attached.
            stalled = producer.ProduceAsync(Topic, new Message<string, string> { Key = $"{acknowledged.Count}", Value = Value }, Cancellation);
            acknowledged.Add($"{acknowledged.Count}");
        }
        while (await Task.WhenAny(stalled, Task.Delay(Timeout.Infinite, Patience(1))) == stalled);

        for (int count = 0; count < 8; count++)
        {
            Assert.Contains(Topic, ConfluentClients.ListTopics(broker.Address));
        }

        Assert.Equal(acknowledged[..^1], Keys(broker));
        Assert.False(stalled.IsCompleted, "the write was not stalled long enough to prove anything");
        await stalled;
        Assert.Equal(acknowledged, Keys(broker));
    }

    private static CancellationToken Patience(int seconds)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(seconds));
        return patience.Token;
    }

    private static async Task SyncEachAppendAsync(BrokerProcess broker)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Address }).Build();
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = Topic };
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [resource] = [new ConfigEntry { Name = "flush.messages", Value = "1", IncrementalOperation = AlterConfigOpType.Set }],
        });
    }

    // Sends one record after the other, until one ends as it should.
    private static async Task<ErrorCode> ProduceUntilAsync(
        IProducer<string, string> producer, List<string> acknowledged, Func<ErrorCode, bool> ends, int limit, int partition = 0)
    {
        ErrorCode last = ErrorCode.NoError;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        for (int count = 0; count < limit; count++)
        {
            patience.Token.ThrowIfCancellationRequested();
            string key = $"{acknowledged.Count}";
            try
            {
                await producer.ProduceAsync(new TopicPartition(Topic, partition), new Message<string, string> { Key = key, Value = Value }, Cancellation);
                acknowledged.Add(key);
                last = ErrorCode.NoError;
            }
            catch (ProduceException<string, string> refusal)
            {
                last = refusal.Error.Code;
            }

            if (ends(last))
            {
                break;
            }
        }

        return last;
    }

    private static IEnumerable<string> Keys(BrokerProcess broker) => ConfluentClients.ReadAll(broker.Address, Topic, 1).Select(result => result.Message.Key);

    private static IProducer<string, string> NewImpatientProducer(string address) => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = address,
        Acks = Acks.All,
        EnableIdempotence = false,
        MessageSendMaxRetries = 0,
        LingerMs = 0,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 100,
        MessageTimeoutMs = 20_000,
    }).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
}
