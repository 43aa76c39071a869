using System.CommandLine;
using Ottla.Cli.CommandLine;
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
                async (context, _) => await context.Output.WriteAsync(
                    ConfigurationReference.Explain(context.Get(key))
                    ?? throw new UsageException($"There is no key {context.Get(key)}.{Suggest(context.Get(key))}"))),
        };
    }

    private static string Suggest(string key) => NearestName.Find(key, BrokerKeys.All.Concat(TopicKeys.All).Select(known => known.Name)) is { } nearest ? $" Did you mean {nearest}?" : string.Empty;
}
