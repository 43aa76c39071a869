using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Output;
using Ottla.Client;
using Ottla.Client.Metadata;

namespace Ottla.Cli.Topics;

/// <summary><c>ottla topic list</c>.</summary>
internal static class TopicListCommand
{
    public static Command Create(CliConsole console)
    {
        var internalToo = new Option<bool>("--internal") { Description = "Also list the topics that the cluster keeps for itself" };
        return new Command("list", "List topics") { internalToo }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                await using OttlaClient client = context.Connect();
                IReadOnlyList<TopicMetadata> topics = await client.Admin.Topics.ListAsync(cancellationToken);
                IReadOnlyList<TopicRow> rows =
                [
                    .. topics
                        .Where(topic => context.Get(internalToo) || !topic.IsInternal)
                        .Select(topic => new TopicRow(
                            topic.Name,
                            topic.Partitions.Count,
                            topic.Partitions.Count == 0 ? 0 : topic.Partitions[0].Replicas.Count,
                            topic.IsInternal)),
                ];
                context.Printer.Print(
                    rows,
                    CliJson.Default.IReadOnlyListTopicRow,
                    new TableColumn<TopicRow>("NAME", row => row.Name),
                    new TableColumn<TopicRow>("PARTITIONS", row => Texts.Of(row.Partitions), IsNumber: true),
                    new TableColumn<TopicRow>("REPLICAS", row => Texts.Of(row.ReplicationFactor), IsNumber: true));
            });
    }
}
