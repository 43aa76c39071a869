using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Output;
using Ottla.Core.Configuration;

namespace Ottla.Cli.Serving;

/// <summary><c>ottla config</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create(CliConsole console)
    {
        var key = new Argument<string>("key") { Description = "A key of server.properties or of a topic's configuration" };
        key.CompletionSources.Add(_ => BrokerKeys.All.Concat(TopicKeys.All).Select(known => known.Name).Distinct()
            .Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        return new Command("config", "Look up configuration keys")
        {
            new Command("explain", "Say what a key means, its type, default and range") { key }.Runs(
                console,
                (context, _) =>
                {
                    Print(context, context.Get(key));
                    return Task.CompletedTask;
                }),
        };
    }

    private static void Print(CommandContext context, string name)
    {
        IReadOnlyList<KeyExplanation> explanations = ConfigurationReference.Explain(name);
        if (explanations.Count == 0)
        {
            throw new UsageException($"There is no key {name}.{Suggest(name)}");
        }

        if (context.Printer.AsJson)
        {
            context.Printer.PrintJson(explanations, CliJson.Default.IReadOnlyListKeyExplanation);
            return;
        }

        foreach (KeyExplanation key in explanations)
        {
            Print(context.Output, key);
        }
    }

    private static void Print(TextWriter output, KeyExplanation key)
    {
        output.WriteLine(key.Scope is null ? key.Name : $"{key.Name} ({key.Scope})");
        output.WriteLine($"  {key.Documentation}");
        if (key.Type is null)
        {
            return;
        }

        output.WriteLine($"  type:    {key.Type}");
        output.WriteLine($"  default: {key.Default ?? "none"}");
        output.WriteLine($"  allowed: {key.Allowed}");
        output.WriteLine($"  changes: {key.Changes}");
        if (key.DefaultComesFrom.Count > 0)
        {
            output.WriteLine($"  default comes from: {string.Join(", ", key.DefaultComesFrom)}");
        }
    }

    private static string Suggest(string key) => NearestName.Find(key, BrokerKeys.All.Concat(TopicKeys.All).Select(known => known.Name)) is { } nearest ? $" Did you mean {nearest}?" : string.Empty;
}
