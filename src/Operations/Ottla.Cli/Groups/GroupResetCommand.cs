using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Cli.Output;
using Ottla.Client;
using Ottla.Client.Metadata;
using Ottla.Client.Offsets;
using Ottla.Protocol;

namespace Ottla.Cli.Groups;

/// <summary><c>ottla group reset</c>: shows what it would do, and does it only with <c>--execute</c>.</summary>
internal static class GroupResetCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> name = GroupCommand.CreateNameArgument();
        var topics = new Option<string[]>("--topic", "-t") { Description = "A topic, maybe with :PARTITION; may be repeated. All that the group has committed if none is given", HelpName = "TOPIC[:PARTITION]" };
        var to = new Option<string>("--to") { Description = "Where to go: beginning, end, an offset, or @TIME such as @-1h", HelpName = "PLACE", Required = true };
        var execute = new Option<bool>("--execute") { Description = "Commit the new offsets instead of only showing them" };
        return new Command("reset", "Set where a group without members goes on reading") { name, topics, to, execute }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                StartOffset target = StartOffset.Parse("--to", context.Get(to)!, context.Console.TimeProvider); // the option is required
                string group = context.Get(name);
                await using OttlaClient client = context.Connect();
                Dictionary<TopicPartition, long> commits = (await client.Admin.Groups.OffsetsAsync(group, cancellationToken))
                    .ToDictionary(offset => offset.Partition, offset => offset.Offset);
                List<TopicPartition> partitions = await ChooseAsync(client, context.Get(topics) ?? [], commits.Keys, cancellationToken);
                IReadOnlyList<ResetRow> rows = await PlanAsync(client, partitions, target, commits, cancellationToken);
                if (context.Get(execute))
                {
                    await CommitAsync(client, group, rows, cancellationToken);
                }

                context.Printer.Print(
                    rows,
                    CliJson.Default.IReadOnlyListResetRow,
                    new TableColumn<ResetRow>("TOPIC", row => row.Topic),
                    new TableColumn<ResetRow>("PARTITION", row => Texts.Of(row.Partition), IsNumber: true),
                    new TableColumn<ResetRow>("COMMITTED", row => Texts.OrDash(row.Committed), IsNumber: true),
                    new TableColumn<ResetRow>("NEW", row => Texts.Of(row.NewOffset), IsNumber: true));
                if (!context.Get(execute))
                {
                    await context.Error.WriteLineAsync("Nothing was changed. Add --execute to commit these offsets.");
                }
            });
    }

    private static async Task<List<TopicPartition>> ChooseAsync(
        OttlaClient client, string[] topics, IEnumerable<TopicPartition> committed, CancellationToken cancellationToken)
    {
        var chosen = new List<TopicPartition>();
        foreach (string text in topics)
        {
            int colon = text.LastIndexOf(':');
            string name = colon < 0 ? text : text[..colon];
            TopicMetadata topic = await client.Admin.Topics.DescribeAsync(name, cancellationToken);
            if (colon < 0)
            {
                chosen.AddRange(topic.Partitions.Select(partition => new TopicPartition(name, partition.Partition)));
            }
            else if (int.TryParse(text.AsSpan(colon + 1), out int partition) && partition >= 0 && partition < topic.Partitions.Count)
            {
                chosen.Add(new TopicPartition(name, new PartitionId(partition)));
            }
            else
            {
                throw new UsageException($"--topic: \"{text}\" names no partition; {name} has {topic.Partitions.Count}.");
            }
        }

        if (topics.Length == 0)
        {
            chosen.AddRange(committed);
        }

        return chosen.Count > 0
            ? [.. chosen.Distinct().OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition.Value)]
            : throw new CommandFailedException("The group has committed nothing; name a topic with --topic.");
    }

    /// <summary>The new offsets, which always lie between the first and the next offset of the partition.</summary>
    private static async Task<IReadOnlyList<ResetRow>> PlanAsync(
        OttlaClient client,
        List<TopicPartition> partitions,
        StartOffset target,
        Dictionary<TopicPartition, long> commits,
        CancellationToken cancellationToken)
    {
        Dictionary<TopicPartition, long> first = await FindAsync(client, partitions, OffsetTime.Earliest, cancellationToken);
        Dictionary<TopicPartition, long> end = await FindAsync(client, partitions, OffsetTime.Latest, cancellationToken);
        Dictionary<TopicPartition, long> wanted = target.Time is { } time
            ? await FindAsync(client, partitions, time, cancellationToken)
            : partitions.ToDictionary(partition => partition, _ => target.Offset ?? 0);
        return
        [
            .. partitions.Select(partition => new ResetRow(
                partition.Topic,
                partition.Partition.Value,
                commits.TryGetValue(partition, out long committed) ? committed : null,
                wanted[partition] < 0 ? end[partition] : Math.Clamp(wanted[partition], first[partition], end[partition]))),
        ];
    }

    private static async Task CommitAsync(OttlaClient client, string group, IReadOnlyList<ResetRow> rows, CancellationToken cancellationToken)
    {
        List<CommittedOffset> offsets =
            [.. rows.Select(row => new CommittedOffset(new TopicPartition(row.Topic, new PartitionId(row.Partition)), row.NewOffset))];
        try
        {
            await client.Admin.Groups.AlterOffsetsAsync(group, offsets, cancellationToken);
        }
        catch (KafkaException exception) when (exception.Error == ErrorCode.UnknownMemberId)
        {
            throw new CommandFailedException($"{exception.Message}\n       The group has members: stop them first.");
        }
    }

    private static async Task<Dictionary<TopicPartition, long>> FindAsync(
        OttlaClient client, List<TopicPartition> partitions, long time, CancellationToken cancellationToken) =>
        (await client.Admin.Topics.FindOffsetsAsync(partitions.Select(partition => (partition, time)), cancellationToken))
        .ToDictionary(offset => offset.Partition, offset => offset.Offset);
}
