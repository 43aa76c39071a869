using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client;
using Ottla.Client.Administration;

namespace Ottla.Cli.Topics;

/// <summary><c>ottla topic create</c>.</summary>
internal static class TopicCreateCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string[]> names = TopicCommand.CreateNamesArgument();
        var partitions = new Option<int>("--partitions", "-p")
        {
            Description = "How many partitions; -1 for the broker's default",
            DefaultValueFactory = _ => -1,
        };
        var replicas = new Option<short>("--replication-factor", "-r")
        {
            Description = "How many replicas each partition has; -1 for the broker's default",
            DefaultValueFactory = _ => -1,
        };
        var configs = new Option<string[]>("--config", "-c") { Description = "A key of the topic's configuration; may be repeated", HelpName = "KEY=VALUE" };
        var ifMissing = new Option<bool>("--if-not-exists") { Description = "Do nothing about a topic that exists" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only check whether it could be created" };
        return new Command("create", "Create topics") { names, partitions, replicas, configs, ifMissing, dryRun }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                Dictionary<string, string> settings = KeyValueText.ParseAll("--config", context.Get(configs));
                await using OttlaClient client = context.Connect();
                foreach (string name in context.Get(names))
                {
                    var topic = new NewTopic
                    {
                        Name = name,
                        PartitionCount = context.Get(partitions),
                        ReplicationFactor = context.Get(replicas),
                        Configs = settings,
                    };
                    await CreateOneAsync(context, client, topic, context.Get(ifMissing), context.Get(dryRun), cancellationToken);
                }
            });
    }

    private static async Task CreateOneAsync(
        CommandContext context, OttlaClient client, NewTopic topic, bool ifMissing, bool dryRun, CancellationToken cancellationToken)
    {
        try
        {
            CreatedTopic created = await client.Admin.Topics.CreateAsync(topic, dryRun, cancellationToken);
            string verb = dryRun ? "could be created" : "created";
            string size = created.PartitionCount < 0
                ? string.Empty
                : $" with {created.PartitionCount} {(created.PartitionCount == 1 ? "partition" : "partitions")}, replication factor {created.ReplicationFactor}";
            await context.Output.WriteLineAsync($"{topic.Name} {verb}{size}");
        }
        catch (KafkaException exception) when (ifMissing && exception.Error == Protocol.ErrorCode.TopicAlreadyExists)
        {
            await context.Output.WriteLineAsync($"{topic.Name} exists");
        }
    }
}
