using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Output;
using Ottla.Client;
using Ottla.Client.Administration;
using Ottla.Client.Offsets;
using Ottla.Protocol;

namespace Ottla.Cli.Groups;

/// <summary><c>ottla group describe</c>.</summary>
internal static class GroupDescribeCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> name = GroupCommand.CreateNameArgument();
        return new Command("describe", "Show a group's members, offsets and lag") { name }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                await using OttlaClient client = context.Connect();
                GroupDetail detail = await DescribeAsync(client, context.Get(name), cancellationToken);
                if (context.Printer.AsJson)
                {
                    context.Printer.PrintJson(detail, CliJson.Default.GroupDetail);
                }
                else
                {
                    Print(context, detail);
                }
            });
    }

    private static async Task<GroupDetail> DescribeAsync(OttlaClient client, string name, CancellationToken cancellationToken)
    {
        GroupDescription group = await client.Admin.Groups.DescribeAsync(name, cancellationToken);
        IReadOnlyList<CommittedOffset> committed = await client.Admin.Groups.OffsetsAsync(name, cancellationToken);
        Dictionary<TopicPartition, long> commits = committed.ToDictionary(offset => offset.Partition, offset => offset.Offset);
        Dictionary<TopicPartition, GroupMemberDescription> owners = group.Members
            .SelectMany(member => member.Assignment.Select(partition => (partition, member)))
            .ToDictionary(pair => pair.partition, pair => pair.member);
        List<TopicPartition> partitions =
        [
            .. commits.Keys.Union(owners.Keys)
                .OrderBy(partition => partition.Topic, StringComparer.Ordinal)
                .ThenBy(partition => partition.Partition.Value),
        ];
        Dictionary<TopicPartition, long> ends = await FindEndsAsync(client, partitions, cancellationToken);
        List<LagRow> rows = [.. partitions.Where(ends.ContainsKey).Select(partition => ToRow(partition, commits, ends[partition], owners))];
        return new GroupDetail(
            group.GroupId,
            group.State,
            group.Protocol,
            group.Coordinator.ToString(),
            group.Members.Count,
            rows.Sum(row => row.Lag ?? 0),
            rows);
    }

    /// <summary>The partitions' ends; those of topics that are gone are left out.</summary>
    private static async Task<Dictionary<TopicPartition, long>> FindEndsAsync(
        OttlaClient client, List<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var existing = (await client.Admin.Topics.ListAsync(cancellationToken)).ToDictionary(topic => topic.Name, topic => topic.Partitions.Count);
        IReadOnlyList<FoundOffset> ends = await client.Admin.Topics.FindOffsetsAsync(
            partitions
                .Where(partition => existing.TryGetValue(partition.Topic, out int count) && partition.Partition.Value < count)
                .Select(partition => (partition, OffsetTime.Latest)),
            cancellationToken);
        return ends.ToDictionary(offset => offset.Partition, offset => offset.Offset);
    }

    private static LagRow ToRow(
        TopicPartition partition,
        Dictionary<TopicPartition, long> commits,
        long end,
        Dictionary<TopicPartition, GroupMemberDescription> owners)
    {
        long? commit = commits.TryGetValue(partition, out long known) ? known : null;
        GroupMemberDescription? owner = owners.GetValueOrDefault(partition);
        return new LagRow(
            partition.Topic,
            partition.Partition.Value,
            commit,
            end,
            commit is { } offset ? Math.Max(0, end - offset) : null,
            owner?.MemberId,
            owner?.ClientId,
            owner?.ClientHost);
    }

    private static void Print(CommandContext context, GroupDetail detail)
    {
        context.Output.WriteLine($"Group:       {detail.Group}");
        context.Output.WriteLine($"State:       {detail.State}");
        context.Output.WriteLine($"Assignor:    {(detail.Assignor.Length == 0 ? "-" : detail.Assignor)}");
        context.Output.WriteLine($"Coordinator: {detail.Coordinator}");
        context.Output.WriteLine($"Members:     {detail.Members}");
        context.Output.WriteLine($"Lag:         {detail.Lag}");
        if (detail.Partitions.Count == 0)
        {
            return;
        }

        context.Output.WriteLine();
        context.Printer.PrintTable(
            detail.Partitions,
            new TableColumn<LagRow>("TOPIC", row => row.Topic),
            new TableColumn<LagRow>("PARTITION", row => Texts.Of(row.Partition), IsNumber: true),
            new TableColumn<LagRow>("COMMITTED", row => Texts.OrDash(row.Committed), IsNumber: true),
            new TableColumn<LagRow>("END", row => Texts.Of(row.End), IsNumber: true),
            new TableColumn<LagRow>("LAG", row => Texts.OrDash(row.Lag), IsNumber: true),
            new TableColumn<LagRow>("MEMBER", row => row.MemberId ?? "-"),
            new TableColumn<LagRow>("CLIENT", row => row.ClientId ?? "-"),
            new TableColumn<LagRow>("HOST", row => row.Host ?? "-"));
    }
}
