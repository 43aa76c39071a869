using System.Buffers.Binary;
using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Client;
using Ottla.Client.Administration;
using Ottla.Client.Consuming;
using Ottla.Client.Metadata;
using Ottla.Client.Offsets;
using Ottla.Client.Producing;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Cli.Benchmarks;

/// <summary><c>ottla bench latency</c>: the time from handing a record over until a consumer has it.</summary>
internal static class LatencyBenchmark
{
    private const int StampBytes = sizeof(long);

    private const int ReportEvery = 1000;

    private static readonly TimeSpan CreationPoll = TimeSpan.FromMilliseconds(100);

    private static readonly Option<string> Topic = BenchCommand.CreateTopic();

    private static readonly Option<long> Count = new("--num-records") { Description = "How many records to send", HelpName = "COUNT", DefaultValueFactory = _ => 10_000 };

    private static readonly Option<string> AcksOption = CreateAcks();

    private static readonly Option<int> Size = new("--record-size") { Description = "Bytes of each value, at least 8", HelpName = "BYTES", DefaultValueFactory = _ => 100 };

    private static readonly Option<double> Throughput = new("--throughput") { Description = "Records per second; 0 sends each one after the one before has arrived", DefaultValueFactory = _ => 0 };

    private static readonly Option<int> KeySize = new("--record-key-size") { Description = "Bytes of each key; 0 for no key", HelpName = "BYTES", DefaultValueFactory = _ => 0 };

    private static readonly Option<int> HeaderCount = new("--num-headers") { Description = "How many headers each record has", HelpName = "COUNT", DefaultValueFactory = _ => 0 };

    private static readonly Option<int> HeaderKeySize = new("--record-header-key-size") { Description = "Bytes of each header's key", HelpName = "BYTES", DefaultValueFactory = _ => 0 };

    private static readonly Option<int> HeaderSize = new("--record-header-size") { Description = "Bytes of each header's value; -1 for null", HelpName = "BYTES", DefaultValueFactory = _ => 0 };

    private static readonly Option<string[]> Properties = BenchCommand.CreateProperties("--producer-props");

    private static readonly Option<FileInfo?> ConfigFile = BenchCommand.CreateConfigFile();

    public static Command Create(CliConsole console) => new Command("latency", "Measure the time from producer to consumer")
    {
        Topic, Count, AcksOption, Size, KeySize, HeaderCount, HeaderKeySize, HeaderSize, Throughput, Properties, ConfigFile,
    }.Runs(console, RunAsync);

    private static Option<string> CreateAcks()
    {
        var option = new Option<string>("--producer-acks") { Description = "Who must have a record before it counts", DefaultValueFactory = _ => "1" };
        option.AcceptOnlyFromAmong("all", "-1", "0", "1");
        return option;
    }

    private static async Task RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Get(Size) < StampBytes || context.Get(Count) < 1)
        {
            throw new UsageException($"--num-records is at least 1 and --record-size at least {StampBytes}.");
        }

        ProducerRecord record = CreateRecord(context);
        Dictionary<string, string> properties = await BenchCommand.ReadPropertiesAsync(context, ConfigFile, Properties, cancellationToken);
        (ProducerOptions producing, ConsumerOptions consuming) = ToOptions(context, properties);
        OttlaClientOptions clientOptions = ClientProperties.Apply(CommandContext.ClientDefaults, properties);
        await using OttlaClient client = context.Connect(clientOptions, ClientProperties.Bootstrap(properties));
        TopicMetadata topic = await FindOrCreateTopicAsync(context, client, cancellationToken);
        await using Consumer consumer = client.CreateConsumer(consuming);
        await AssignToEndAsync(client, consumer, topic, cancellationToken);
        await using Producer producer = client.CreateProducer(producing);
        LatencyHistogram latencies = await MeasureAsync(context, producer, record, consumer, cancellationToken);
        foreach (string line in ProgressReport.Latencies(latencies))
        {
            await context.Output.WriteLineAsync(line);
        }
    }

    /// <summary>One file may hold the settings of both clients. Options of the command win over them.</summary>
    private static (ProducerOptions Producing, ConsumerOptions Consuming) ToOptions(CommandContext context, Dictionary<string, string> properties)
    {
        (Dictionary<string, string> producing, Dictionary<string, string> consuming) = ClientProperties.Part(properties);
        if (context.IsGiven(AcksOption))
        {
            producing.Remove("acks");
        }

        var acks = new ProducerOptions { Acks = Producing.ProduceCommand.ParseAcks(context.Get(AcksOption)!) }; // has a default
        return (ClientProperties.Apply(acks, producing), ClientProperties.Apply(new ConsumerOptions(), consuming) with { GroupId = null });
    }

    /// <summary>A record without a value yet.</summary>
    private static ProducerRecord CreateRecord(CommandContext context)
    {
        // Not a bare null, here and below: a null array would become empty memory.
        var header = new RecordHeader(
            new string('H', BenchCommand.Within(context, HeaderKeySize, 0, int.MaxValue)),
            BenchCommand.Within(context, HeaderSize, -1, int.MaxValue) < 0 ? default(ReadOnlyMemory<byte>?) : Letters(context.Get(HeaderSize)));
        int headers = BenchCommand.Within(context, HeaderCount, 0, int.MaxValue);
        int keySize = BenchCommand.Within(context, KeySize, 0, int.MaxValue);
        return new ProducerRecord
        {
            Topic = context.Get(Topic)!, // the option is required
            Key = keySize == 0 ? default(ReadOnlyMemory<byte>?) : Letters(keySize),
            Headers = headers == 0 ? null : [.. Enumerable.Repeat(header, headers)],
        };
    }

    private static byte[] Letters(int size)
    {
        var letters = new byte[size];
        letters.AsSpan().Fill((byte)'A');
        return letters;
    }

    private static async Task<TopicMetadata> FindOrCreateTopicAsync(CommandContext context, OttlaClient client, CancellationToken cancellationToken)
    {
        string name = context.Get(Topic)!; // the option is required
        try
        {
            return await client.Admin.Topics.DescribeAsync(name, cancellationToken);
        }
        catch (KafkaException exception) when (exception.Error == ErrorCode.UnknownTopicOrPartition)
        {
            await context.Output.WriteLineAsync($"Topic \"{name}\" does not exist. Will create topic with 1 partition(s) and replication factor = 1");
        }

        await client.Admin.Topics.CreateAsync(new NewTopic { Name = name, PartitionCount = 1, ReplicationFactor = 1 }, cancellationToken: cancellationToken);
        while (true)
        {
            try
            {
                return await client.Admin.Topics.DescribeAsync(name, cancellationToken);
            }
            catch (KafkaException exception) when (exception.Error == ErrorCode.UnknownTopicOrPartition)
            {
                // Not every broker of a cluster hears of a topic at once.
                await Task.Delay(CreationPoll, context.Console.TimeProvider, cancellationToken);
            }
        }
    }

    /// <summary>Only what is sent from now on counts, so the ends are fixed before anything is sent.</summary>
    private static async Task AssignToEndAsync(OttlaClient client, Consumer consumer, TopicMetadata topic, CancellationToken cancellationToken)
    {
        List<TopicPartition> partitions = [.. topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition))];
        IReadOnlyList<FoundOffset> ends = await client.Admin.Topics.FindOffsetsAsync(
            partitions.Select(partition => (partition, OffsetTime.Latest)), cancellationToken);
        consumer.Assign(partitions);
        foreach (FoundOffset end in ends)
        {
            consumer.Seek(end.Partition, end.Offset);
        }
    }

    private static async Task<LatencyHistogram> MeasureAsync(
        CommandContext context, Producer producer, ProducerRecord record, Consumer consumer, CancellationToken cancellationToken)
    {
        TimeProvider clock = context.Console.TimeProvider;
        var latencies = new LatencyHistogram();
        long count = context.Get(Count);
        double throughput = context.Get(Throughput);
        using var arrived = new SemaphoreSlim(0);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendAsync(context, producer, record, throughput > 0 ? null : arrived, stopping.Token);
        try
        {
            await foreach (ConsumedBatch batch in consumer.ReadBatchesAsync(cancellationToken))
            {
                long before = latencies.Count;
                TimeSpan last = Measure(batch, clock, latencies);
                if (latencies.Count > before)
                {
                    await ReportAsync(context, before, latencies.Count, last);
                    arrived.Release((int)(latencies.Count - before));
                }

                if (latencies.Count >= count || sending.IsFaulted)
                {
                    break;
                }
            }
        }
        finally
        {
            if (latencies.Count < count)
            {
                await stopping.CancelAsync();
            }

            await sending;
        }

        return latencies;
    }

    /// <summary>Counts a batch's records, and tells how long the last one took.</summary>
    private static TimeSpan Measure(ConsumedBatch batch, TimeProvider clock, LatencyHistogram latencies)
    {
        long now = clock.GetTimestamp();
        TimeSpan last = TimeSpan.Zero;
        foreach (ConsumedRecordView record in batch)
        {
            if (record.Value.Length >= StampBytes)
            {
                last = clock.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(record.Value), now);
                latencies.Record((long)last.TotalMicroseconds);
            }
        }

        return last;
    }

    /// <summary>A line for every thousandth record, from the first on.</summary>
    private static async ValueTask ReportAsync(CommandContext context, long before, long after, TimeSpan last)
    {
        long index = (before + ReportEvery - 1) / ReportEvery * ReportEvery;
        if (index < after)
        {
            await context.Output.WriteLineAsync(ProgressReport.Arrived(index, last));
            await context.Output.FlushAsync(CancellationToken.None);
        }
    }

    private static async Task SendAsync(
        CommandContext context, Producer producer, ProducerRecord record, SemaphoreSlim? arrived, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var pacer = new Pacer(context.Get(Throughput), context.Console.TimeProvider);
        long count = context.Get(Count);
        var value = new byte[context.Get(Size)];
        record = record with { Value = value };
        for (long index = 0; index < count; index++)
        {
            await pacer.WaitForAsync(index, cancellationToken);
            BinaryPrimitives.WriteInt64LittleEndian(value, context.Console.TimeProvider.GetTimestamp());
            await producer.PostAsync(record, cancellationToken);
            if (arrived is not null)
            {
                await arrived.WaitAsync(cancellationToken);
            }
        }

        await producer.FlushAsync(cancellationToken);
    }
}
