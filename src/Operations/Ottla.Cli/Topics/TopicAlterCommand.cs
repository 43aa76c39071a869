using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client;
using Ottla.Client.Administration;

namespace Ottla.Cli.Topics;

/// <summary><c>ottla topic alter</c>.</summary>
internal static class TopicAlterCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> name = TopicCommand.CreateNameArgument();
        var configs = new Option<string[]>("--config", "-c") { Description = "A key to set; may be repeated", HelpName = "KEY=VALUE" };
        var deletes = new Option<string[]>("--delete-config", "-d") { Description = "A key to set back to the broker's value; may be repeated", HelpName = "KEY" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only check whether the change would be accepted" };
        return new Command("alter", "Change a topic's configuration") { name, configs, deletes, dryRun }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                List<ConfigChange> changes =
                [
                    .. KeyValueText.ParseAll("--config", context.Get(configs)).Select(pair => new ConfigChange(pair.Key, ConfigOperation.Set, pair.Value)),
                    .. (context.Get(deletes) ?? []).Select(key => new ConfigChange(key, ConfigOperation.Delete, null)),
                ];
                if (changes.Count == 0)
                {
                    throw new UsageException("Say what to change: --config KEY=VALUE or --delete-config KEY.");
                }

                string topic = context.Get(name);
                await using OttlaClient client = context.Connect();
                await client.Admin.Configs.AlterAsync(ConfigResourceKind.Topic, topic, changes, context.Get(dryRun), cancellationToken);
                await context.Output.WriteLineAsync(context.Get(dryRun) ? $"{topic} could be altered" : $"{topic} altered");
            });
    }
}
