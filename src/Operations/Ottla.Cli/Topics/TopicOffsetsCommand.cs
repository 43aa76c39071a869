using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Cli.Output;
using Ottla.Client;
using Ottla.Client.Metadata;
using Ottla.Client.Offsets;
using Ottla.Protocol;

namespace Ottla.Cli.Topics;

/// <summary><c>ottla topic offsets</c>.</summary>
internal static class TopicOffsetsCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> name = TopicCommand.CreateNameArgument();
        var time = new Option<string?>("--time", "-t")
        {
            Description = "Also find the first offset at or after a time, such as -1h, 2026-01-31T08:00:00Z or milliseconds since 1970",
            HelpName = "TIME",
        };
        return new Command("offsets", "Show the first and the next offset of each partition") { name, time }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                long? atTime = context.Get(time) is { } text ? TimeText.Parse("--time", text, context.Console.TimeProvider) : null;
                await using OttlaClient client = context.Connect();
                TopicMetadata topic = await client.Admin.Topics.DescribeAsync(context.Get(name), cancellationToken);
                IReadOnlyList<OffsetRow> rows = await FindAsync(client, topic, atTime, cancellationToken);
                List<TableColumn<OffsetRow>> columns =
                [
                    new("PARTITION", row => Texts.Of(row.Partition), IsNumber: true),
                    new("EARLIEST", row => Texts.Of(row.Earliest), IsNumber: true),
                    new("LATEST", row => Texts.Of(row.Latest), IsNumber: true),
                    new("RECORDS", row => Texts.Of(row.Latest - row.Earliest), IsNumber: true),
                ];
                if (atTime is not null)
                {
                    columns.Add(new TableColumn<OffsetRow>("AT TIME", row => Texts.OrDash(row.AtTime), IsNumber: true));
                }

                context.Printer.Print(rows, CliJson.Default.IReadOnlyListOffsetRow, [.. columns]);
            });
    }

    private static async Task<IReadOnlyList<OffsetRow>> FindAsync(
        OttlaClient client, TopicMetadata topic, long? atTime, CancellationToken cancellationToken)
    {
        Dictionary<TopicPartition, long> earliest = await FindAtAsync(client, topic, OffsetTime.Earliest, cancellationToken);
        Dictionary<TopicPartition, long> latest = await FindAtAsync(client, topic, OffsetTime.Latest, cancellationToken);
        Dictionary<TopicPartition, long> timed = atTime is { } time ? await FindAtAsync(client, topic, time, cancellationToken) : [];
        return
        [
            .. topic.Partitions
                .Select(partition => new TopicPartition(topic.Name, partition.Partition))
                .Select(partition => new OffsetRow(
                    topic.Name,
                    partition.Partition.Value,
                    earliest[partition],
                    latest[partition],
                    timed.TryGetValue(partition, out long found) && found >= 0 ? found : null)),
        ];
    }

    private static async Task<Dictionary<TopicPartition, long>> FindAtAsync(
        OttlaClient client, TopicMetadata topic, long time, CancellationToken cancellationToken)
    {
        IReadOnlyList<FoundOffset> found = await client.Admin.Topics.FindOffsetsAsync(
            topic.Partitions.Select(partition => (new TopicPartition(topic.Name, partition.Partition), time)), cancellationToken);
        return found.ToDictionary(offset => offset.Partition, offset => offset.Offset);
    }
}
