using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Output;
using Ottla.Client;
using Ottla.Client.Administration;
using Ottla.Client.Metadata;
using Ottla.Protocol;

namespace Ottla.Cli.Clusters;

/// <summary><c>ottla cluster</c>.</summary>
internal static class ClusterCommand
{
    public static Command Create(CliConsole console) => new("cluster", "Look at the cluster as a whole")
    {
        new Command("info", "Show the cluster's brokers and how its partitions are").Runs(console, ShowAsync),
    };

    private static async Task ShowAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using OttlaClient client = context.Connect();
        IReadOnlyList<TopicMetadata> topics = await client.Admin.Topics.ListAsync(cancellationToken);
        ClusterDescription cluster = await client.Admin.Cluster.DescribeAsync(cancellationToken);
        List<PartitionMetadata> partitions = [.. topics.SelectMany(topic => topic.Partitions)];
        var brokers = new List<BrokerRow>();
        foreach (BrokerNode broker in cluster.Brokers)
        {
            brokers.Add(await DescribeAsync(client, broker, cluster.Controller, cancellationToken));
        }

        var detail = new ClusterDetail(
            cluster.ClusterId,
            cluster.Controller.Value,
            topics.Count,
            partitions.Count,
            partitions.Count(partition => partition.Leader.Value < 0),
            partitions.Count(partition => partition.Isr.Count < partition.Replicas.Count),
            brokers);
        if (context.Printer.AsJson)
        {
            context.Printer.PrintJson(detail, CliJson.Default.ClusterDetail);
        }
        else
        {
            Print(context, detail);
        }
    }

    private static async Task<BrokerRow> DescribeAsync(
        OttlaClient client, BrokerNode broker, BrokerId controller, CancellationToken cancellationToken)
    {
        long? bytes = null;
        int? partitions = null;
        IReadOnlyDictionary<ApiKey, VersionRange> apis = await client.Admin.Cluster.ApiVersionsAsync(broker.Id, cancellationToken);
        if (apis.ContainsKey(ApiKey.DescribeLogDirs))
        {
            IReadOnlyList<LogDirectoryDescription> directories = await client.Admin.Cluster.LogDirectoriesAsync(broker.Id, cancellationToken);
            bytes = directories.Sum(directory => directory.PartitionBytes.Values.Sum());
            partitions = directories.Sum(directory => directory.PartitionBytes.Count);
        }

        return new BrokerRow(
            broker.Id.Value, broker.Address.Host, broker.Address.Port, broker.Rack, broker.Id == controller, bytes, partitions);
    }

    private static void Print(CommandContext context, ClusterDetail detail)
    {
        context.Output.WriteLine($"Cluster:          {detail.ClusterId}");
        context.Output.WriteLine($"Topics:           {detail.Topics}");
        context.Output.WriteLine($"Partitions:       {detail.Partitions}");
        context.Output.WriteLine($"Offline:          {detail.OfflinePartitions}");
        context.Output.WriteLine($"Under-replicated: {detail.UnderReplicatedPartitions}");
        context.Output.WriteLine();
        context.Printer.PrintTable(
            detail.Brokers,
            new TableColumn<BrokerRow>("BROKER", row => Texts.Of(row.Id), IsNumber: true),
            new TableColumn<BrokerRow>("ADDRESS", row => new BrokerAddress(row.Host, row.Port).ToString()),
            new TableColumn<BrokerRow>("RACK", row => row.Rack ?? "-"),
            new TableColumn<BrokerRow>("CONTROLLER", row => row.IsController ? "yes" : "no"),
            new TableColumn<BrokerRow>("PARTITIONS", row => Texts.OrDash(row.Partitions), IsNumber: true),
            new TableColumn<BrokerRow>("BYTES", row => Texts.OrDash(row.LogBytes), IsNumber: true));
    }
}
