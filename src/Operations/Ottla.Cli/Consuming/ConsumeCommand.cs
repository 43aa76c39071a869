using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client;
using Ottla.Client.Consuming;
using Ottla.Client.Metadata;
using Ottla.Protocol;

namespace Ottla.Cli.Consuming;

/// <summary><c>ottla consume</c>: records to standard output.</summary>
internal static class ConsumeCommand
{
    private static readonly Argument<string> Topic = new("topic") { Description = "The topic to read" };

    private static readonly Option<string?> Offset = new("--offset", "-o") { Description = "Where to begin: beginning, end, an offset, or @TIME such as @-1h; by default where the group left off, or else the end", HelpName = "PLACE" };

    private static readonly Option<string?> Group = new("--group", "-g") { Description = "Read as a member of this group, and commit", HelpName = "GROUP" };

    private static readonly Option<long?> Count = new("--num", "-n") { Description = "Stop after this many records", HelpName = "COUNT" };

    private static readonly Option<int[]> Partitions = new("--partition", "-p") { Description = "Read only this partition; may be repeated", HelpName = "PARTITION" };

    private static readonly Option<bool> ExitAtEnd = new("--exit", "-e") { Description = "Stop at the end instead of waiting for more" };

    private static readonly Option<bool> Json = new("--json") { Description = "Write one JSON object a line, as --output json does" };

    private static readonly Option<string?> Format = new("--format", "-f") { Description = "How to write a record: %t topic, %p partition, %o offset, %k key, %v value, %T timestamp in ms, %h headers, %K %V lengths; \\n for a new line", HelpName = "FORMAT" };

    public static Command Create(CliConsole console) => new Command("consume", "Write a topic's records to standard output")
    {
        Topic, Offset, Group, Count, Partitions, ExitAtEnd, Json, Format,
    }.Runs(console, RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        StartOffset? start = context.Get(Offset) is { } text ? StartOffset.Parse("--offset", text, context.Console.TimeProvider) : null;
        var writer = new RecordWriter(context.Output, ChooseFormat(context));
        RequireSense(context, start);
        if (context.Get(Count) == 0)
        {
            return;
        }

        await using OttlaClient client = context.Connect();
        TopicMetadata topic = await client.Admin.Topics.DescribeAsync(context.Get(Topic), cancellationToken);
        ConsumerOptions options = ToOptions(context, start);
        await using Consumer consumer = client.CreateConsumer(options);
        Place(context, consumer, topic, start);
        await CopyAsync(consumer, writer, context.Get(Count) ?? long.MaxValue, cancellationToken);
    }

    private static void RequireSense(CommandContext context, StartOffset? start)
    {
        if (context.Get(Count) < 0)
        {
            throw new UsageException("--num: a count cannot be negative.");
        }

        if (context.Get(Group) is not { } group)
        {
            return;
        }

        if (group.Length == 0)
        {
            throw new UsageException("--group: a group's id cannot be empty.");
        }

        if (context.Get(Partitions) is { Length: > 0 })
        {
            throw new UsageException("--group shares the partitions out itself: leave --partition away.");
        }

        if (start is { } place && place != StartOffset.Beginning && place != StartOffset.End)
        {
            throw new UsageException("--group goes on where it left off: --offset may only say beginning or end; `ottla group reset` moves a group.");
        }
    }

    private static RecordFormat? ChooseFormat(CommandContext context)
    {
        string? format = context.Get(Format);
        if (context.Get(Json) && format is not null)
        {
            throw new UsageException("--json and --format exclude each other.");
        }

        return context.Get(Json) || (context.Printer.AsJson && format is null) ? null : new RecordFormat("--format", format ?? "%v\\n");
    }

    private static ConsumerOptions ToOptions(CommandContext context, StartOffset? start) => new()
    {
        GroupId = context.Get(Group),
        AutoOffsetReset = start == StartOffset.Beginning ? AutoOffsetReset.Earliest : AutoOffsetReset.Latest,
        StopAtEnd = context.Get(ExitAtEnd),
    };

    private static void Place(CommandContext context, Consumer consumer, TopicMetadata topic, StartOffset? start)
    {
        if (context.Get(Group) is not null)
        {
            consumer.Subscribe(topic.Name);
            return;
        }

        int[] chosen = context.Get(Partitions) is { Length: > 0 } given ? given : [.. topic.Partitions.Select(partition => partition.Partition.Value)];
        foreach (int partition in chosen)
        {
            if (partition < 0 || partition >= topic.Partitions.Count)
            {
                throw new UsageException($"--partition: {topic.Name} has no partition {partition}; allowed are 0 to {topic.Partitions.Count - 1}.");
            }
        }

        List<TopicPartition> partitions = [.. chosen.Distinct().Select(partition => new TopicPartition(topic.Name, new PartitionId(partition)))];
        consumer.Assign(partitions);
        foreach (TopicPartition partition in partitions)
        {
            if (start is { Offset: { } offset })
            {
                consumer.Seek(partition, offset);
            }
            else if (start is { Time: { } time })
            {
                consumer.SeekToTime(partition, time);
            }
        }
    }

    /// <summary>Ends without an error when it is interrupted: whoever reads on a terminal stops that way.</summary>
    private static async Task CopyAsync(Consumer consumer, RecordWriter writer, long count, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ConsumedBatch batch in consumer.ReadBatchesAsync(cancellationToken))
            {
                long written = writer.Write(batch, count, out long nextOffset);
                count -= written;
                await writer.FlushAsync(cancellationToken);
                if (count <= 0)
                {
                    consumer.Seek(batch.Partition, nextOffset); // what was written is what gets committed
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The consumer commits and leaves its group while it is disposed.
        }
    }
}
