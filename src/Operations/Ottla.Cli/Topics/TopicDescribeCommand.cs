using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Output;
using Ottla.Client;
using Ottla.Client.Administration;
using Ottla.Client.Metadata;
using Ottla.Protocol;

namespace Ottla.Cli.Topics;

/// <summary><c>ottla topic describe</c>.</summary>
internal static class TopicDescribeCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> name = TopicCommand.CreateNameArgument();
        var all = new Option<bool>("--all-configs") { Description = "Show every key of the configuration, not only those that are set" };
        return new Command("describe", "Show a topic's partitions and configuration") { name, all }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                await using OttlaClient client = context.Connect();
                TopicMetadata topic = await client.Admin.Topics.DescribeAsync(context.Get(name), cancellationToken);
                IReadOnlyList<ConfigEntry> configs =
                    await client.Admin.Configs.DescribeAsync(ConfigResourceKind.Topic, topic.Name, cancellationToken: cancellationToken);
                TopicDetail detail = ToDetail(topic, configs, context.Get(all));
                if (context.Printer.AsJson)
                {
                    context.Printer.PrintJson(detail, CliJson.Default.TopicDetail);
                }
                else
                {
                    Print(context, detail);
                }
            });
    }

    private static TopicDetail ToDetail(TopicMetadata topic, IReadOnlyList<ConfigEntry> configs, bool all) => new(
        topic.Name,
        topic.Id.ToString(),
        topic.IsInternal,
        [
            .. topic.Partitions.Select(partition => new PartitionRow(
                partition.Partition.Value,
                partition.Leader.Value,
                partition.LeaderEpoch.Value,
                ToNumbers(partition.Replicas),
                ToNumbers(partition.Isr),
                ToNumbers(partition.OfflineReplicas))),
        ],
        [
            .. configs
                .Where(config => all || config.Source == ConfigSource.DynamicTopic)
                .Select(config => new ConfigRow(config.Name, config.Value, SourceName(config.Source))),
        ]);

    private static int[] ToNumbers(IReadOnlyList<BrokerId> brokers) => [.. brokers.Select(broker => broker.Value)];

    private static string SourceName(ConfigSource source) => source switch
    {
        ConfigSource.DynamicTopic => "topic",
        ConfigSource.DynamicBroker => "broker, at run time",
        ConfigSource.DynamicDefaultBroker => "all brokers, at run time",
        ConfigSource.StaticBroker => "broker",
        ConfigSource.Default => "default",
        _ => "unknown",
    };

    private static void Print(CommandContext context, TopicDetail detail)
    {
        context.Output.WriteLine($"Topic:      {detail.Name}{(detail.IsInternal ? " (internal)" : string.Empty)}");
        context.Output.WriteLine($"Id:         {detail.Id}");
        context.Output.WriteLine($"Partitions: {detail.Partitions.Count}");
        context.Output.WriteLine();
        context.Printer.PrintTable(
            detail.Partitions,
            new TableColumn<PartitionRow>("PARTITION", row => Texts.Of(row.Partition), IsNumber: true),
            new TableColumn<PartitionRow>("LEADER", row => row.Leader < 0 ? "none" : Texts.Of(row.Leader), IsNumber: true),
            new TableColumn<PartitionRow>("EPOCH", row => Texts.Of(row.LeaderEpoch), IsNumber: true),
            new TableColumn<PartitionRow>("REPLICAS", row => Texts.Of(row.Replicas)),
            new TableColumn<PartitionRow>("ISR", row => Texts.Of(row.Isr)),
            new TableColumn<PartitionRow>("OFFLINE", row => Texts.Of(row.Offline)));
        if (detail.Configs.Count > 0)
        {
            context.Output.WriteLine();
            context.Printer.PrintTable(
                detail.Configs,
                new TableColumn<ConfigRow>("CONFIG", row => row.Name),
                new TableColumn<ConfigRow>("VALUE", row => row.Value ?? "-"),
                new TableColumn<ConfigRow>("SET BY", row => row.Source));
        }
    }
}
