using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Ottla.Broker.Hosting;
using Ottla.Cli.CommandLine;
using Ottla.Core.Configuration;
using Ottla.Http;

namespace Ottla.Cli.Serving;

/// <summary><c>ottla dev</c>: a broker for the desk.</summary>
internal static class DevCommand
{
    private const string DefaultHttp = "127.0.0.1:9644";

    // Whoever tries a group out has one member, and no others to wait for. Apache Kafka's own server.properties says the same.
    private static readonly KeyValuePair<string, string>[] Defaults = [new(GroupKeys.GroupInitialRebalanceDelayMs.Name, "0")];

    public static Command Create(CliConsole console)
    {
        var port = new Option<int>("--port", "-p") { Description = "The port to serve on, at 127.0.0.1; 0 for any free one", DefaultValueFactory = _ => 9092 };
        var keep = new Option<string?>("--keep", "-k") { Description = "Keep everything in this folder; without it a temporary one is deleted at the end", HelpName = "DIR" };
        var http = new Option<string>("--http") { Description = "Where to serve /metrics and /healthz; off for nowhere", HelpName = "HOST:PORT", DefaultValueFactory = _ => DefaultHttp };
        var sets = new Option<string[]>("--set", "-s") { Description = "A configuration key; may be repeated", HelpName = "KEY=VALUE" };
        Option<LogLevel> level = ServerCommand.CreateLogLevel(LogLevel.Warning);
        Command up = new Command("up", "Run a broker for development, ready in a moment") { port, keep, http, sets, level }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                string? kept = context.Get(keep);
                string folder = kept ?? Directory.CreateTempSubdirectory("ottla-dev-").FullName;
                try
                {
                    var settings = new ServerSettings
                    {
                        Defaults = Defaults,
                        Environment = ServerCommand.ReadEnvironment(),
                        Sets = context.Get(sets) ?? [],
                        DataDirectory = folder,
                        Listeners = [string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://127.0.0.1:{context.Get(port)}")],
                        HttpListener = context.Get(http) == "off" ? null : context.Get(http),
                    };
                    await ServerRun.RunAsync(
                        context, settings, context.Get(level), (server, http) => AnnounceAsync(context, server, http, kept), cancellationToken);
                }
                finally
                {
                    if (kept is null)
                    {
                        Directory.Delete(folder, recursive: true);
                    }
                }
            });
        return new Command("dev", "Run a broker for development") { up };
    }

    private static async Task AnnounceAsync(CommandContext context, BrokerServer server, HttpEndpoint? http, string? kept)
    {
        BoundEndpoint endpoint = server.Endpoints[0];
        string option = endpoint.EndPoint.Port == 9092 ? string.Empty : $" -b {endpoint.EndPoint}";
        await context.Output.WriteLineAsync(ServerCommand.ReadyLine(server));
        await context.Output.WriteLineAsync(kept is null
            ? "Everything is kept in a temporary folder and deleted at the end; --keep DIR keeps it."
            : $"Everything is kept in {Path.GetFullPath(kept)}.");
        if (http is not null)
        {
            await context.Output.WriteLineAsync($"Metrics are at http://{http.EndPoint}/metrics.");
        }

        await context.Output.WriteLineAsync("Try, in another terminal:");
        await context.Output.WriteLineAsync($"  ottla topic create hello -p 3{option}");
        await context.Output.WriteLineAsync($"  echo 'k:v' | ottla produce hello -k :{option}");
        await context.Output.WriteLineAsync($"  ottla consume hello -o beginning -e{option}");
        await context.Output.WriteLineAsync("Stop with Ctrl+C.");
    }
}
