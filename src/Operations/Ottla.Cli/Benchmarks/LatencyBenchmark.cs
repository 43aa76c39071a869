using System.Buffers.Binary;
using System.CommandLine;
using System.Globalization;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client;
using Ottla.Client.Consuming;
using Ottla.Client.Metadata;
using Ottla.Client.Offsets;
using Ottla.Client.Producing;
using Ottla.Protocol;

namespace Ottla.Cli.Benchmarks;

/// <summary><c>ottla bench latency</c>: the time from handing a record over until a consumer has it.</summary>
internal static class LatencyBenchmark
{
    private const int StampBytes = sizeof(long);

    private static readonly Option<string> Topic = BenchCommand.CreateTopic();

    private static readonly Option<long> Count = new("--num-records") { Description = "How many records to send", HelpName = "COUNT", DefaultValueFactory = _ => 10_000 };

    private static readonly Option<string> AcksOption = CreateAcks();

    private static readonly Option<int> Size = new("--record-size") { Description = "Bytes of each value, at least 8", HelpName = "BYTES", DefaultValueFactory = _ => 100 };

    private static readonly Option<double> Throughput = new("--throughput") { Description = "Records per second; 0 sends each one after the one before has arrived", DefaultValueFactory = _ => 0 };

    private static readonly Option<string[]> Properties = BenchCommand.CreateProperties("--producer-props");

    public static Command Create(CliConsole console) => new Command("latency", "Measure the time from producer to consumer")
    {
        Topic, Count, AcksOption, Size, Throughput, Properties,
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

        Dictionary<string, string> properties = KeyValueText.ParseAll("--producer-props", context.Get(Properties));
        ProducerOptions options = ClientProperties.Apply(
            new ProducerOptions { Acks = Producing.ProduceCommand.ParseAcks(context.Get(AcksOption)!) }, properties); // has a default
        await using OttlaClient client = context.Connect(bootstrap: ClientProperties.Bootstrap(properties));
        TopicMetadata topic = await client.Admin.Topics.DescribeAsync(context.Get(Topic)!, cancellationToken); // the option is required
        await using Consumer consumer = client.CreateConsumer();
        await AssignToEndAsync(client, consumer, topic, cancellationToken);
        await using Producer producer = client.CreateProducer(options);
        LatencyHistogram latencies = await MeasureAsync(context, producer, consumer, cancellationToken);
        await context.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{latencies.Count} records, {latencies.Mean / 1000:0.000} ms avg latency, {latencies.Max / 1000.0:0.000} ms max latency, {ProgressReport.Percentiles(latencies)}."));
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
        CommandContext context, Producer producer, Consumer consumer, CancellationToken cancellationToken)
    {
        TimeProvider clock = context.Console.TimeProvider;
        var latencies = new LatencyHistogram();
        long count = context.Get(Count);
        double throughput = context.Get(Throughput);
        using var arrived = new SemaphoreSlim(0);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendAsync(context, producer, throughput > 0 ? null : arrived, stopping.Token);
        try
        {
            await foreach (ConsumedBatch batch in consumer.ReadBatchesAsync(cancellationToken))
            {
                long now = clock.GetTimestamp();
                foreach (ConsumedRecordView record in batch)
                {
                    if (record.Value.Length >= StampBytes)
                    {
                        latencies.Record((long)clock.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(record.Value), now).TotalMicroseconds);
                        arrived.Release();
                    }
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

    private static async Task SendAsync(CommandContext context, Producer producer, SemaphoreSlim? arrived, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var pacer = new Pacer(context.Get(Throughput), context.Console.TimeProvider);
        long count = context.Get(Count);
        var value = new byte[context.Get(Size)];
        var record = new ProducerRecord { Topic = context.Get(Topic)!, Value = value }; // the option is required
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
