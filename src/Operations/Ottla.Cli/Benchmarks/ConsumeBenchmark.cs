using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client;
using Ottla.Client.Consuming;
using Ottla.Client.Metadata;
using Ottla.Client.Offsets;
using Ottla.Protocol;

namespace Ottla.Cli.Benchmarks;

/// <summary><c>ottla bench consume</c>.</summary>
internal static class ConsumeBenchmark
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    private static readonly Option<string> Topic = BenchCommand.CreateTopic();

    private static readonly Option<long> Count = new("--num-records", "--messages") { Description = "How many records to read", HelpName = "COUNT", Required = true };

    private static readonly Option<string?> Group = new("--group") { Description = "Read as a member of this group, and commit", HelpName = "GROUP" };

    private static readonly Option<int> Timeout = new("--timeout") { Description = "Give up after this many milliseconds without a record", HelpName = "MS", DefaultValueFactory = _ => 10_000 };

    private static readonly Option<string[]> Properties = BenchCommand.CreateProperties("--consumer-props");

    public static Command Create(CliConsole console) => new Command("consume", "Read records from the beginning and measure how fast they come")
    {
        Topic, Count, Group, Timeout, Properties,
    }.Runs(console, RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        Dictionary<string, string> properties = KeyValueText.ParseAll("--consumer-props", context.Get(Properties));
        ConsumerOptions options = ClientProperties.Apply(
            new ConsumerOptions { GroupId = context.Get(Group), AutoOffsetReset = AutoOffsetReset.Earliest }, properties);
        if (context.Get(Count) < 1 || context.Get(Timeout) < 1)
        {
            throw new UsageException("--num-records and --timeout are at least 1.");
        }

        if (context.Get(Group) is { Length: 0 })
        {
            throw new UsageException("--group: a group's id cannot be empty.");
        }

        await using OttlaClient client = context.Connect(bootstrap: ClientProperties.Bootstrap(properties));
        TopicMetadata topic = await client.Admin.Topics.DescribeAsync(context.Get(Topic)!, cancellationToken); // the option is required
        await using Consumer consumer = client.CreateConsumer(options);
        if (options.GroupId is null)
        {
            List<TopicPartition> partitions = [.. topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition))];
            consumer.Assign(partitions);
            partitions.ForEach(partition => consumer.SeekToTime(partition, OffsetTime.Earliest));
        }
        else
        {
            consumer.Subscribe(topic.Name);
        }

        await MeasureAsync(context, consumer, cancellationToken);
    }

    private static async Task MeasureAsync(CommandContext context, Consumer consumer, CancellationToken cancellationToken)
    {
        TimeProvider clock = context.Console.TimeProvider;
        var limit = TimeSpan.FromMilliseconds(context.Get(Timeout));
        using var idle = new CancellationTokenSource(limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        long records = 0;
        long bytes = 0;
        long started = clock.GetTimestamp();
        long last = started;
        long reported = started;
        try
        {
            await foreach (ConsumedBatch batch in consumer.ReadBatchesAsync(linked.Token))
            {
                foreach (ConsumedRecordView record in batch)
                {
                    records++;
                    bytes += record.Key.Length + record.Value.Length;
                }

                last = clock.GetTimestamp();
                if (records >= context.Get(Count))
                {
                    break;
                }

                idle.CancelAfter(limit);
                if (clock.GetElapsedTime(reported, last) >= ReportInterval)
                {
                    reported = last;
                    await context.Output.WriteLineAsync(ProgressReport.Consumed(records, bytes, clock.GetElapsedTime(started, last)));
                    await context.Output.FlushAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await context.Error.WriteLineAsync($"ottla: no record came for {context.Get(Timeout)} ms; {records} of {context.Get(Count)} were read");
        }

        await context.Output.WriteLineAsync(ProgressReport.Consumed(records, bytes, clock.GetElapsedTime(started, last)));
    }
}
