using System.CommandLine;
using Microsoft.Extensions.Logging;
using Ottla.Broker.Hosting;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;

namespace Ottla.Cli.Serving;

/// <summary><c>ottla server</c>.</summary>
internal static class ServerCommand
{
    public static Command Create(CliConsole console)
    {
        var dataDirectory = new Option<string?>("--data-dir", "-d") { Description = "The folder to keep everything in (log.dirs)", HelpName = "DIR" };
        var listeners = new Option<string[]>("--listener", "-l") { Description = "Where to serve (listeners); may be repeated", HelpName = "PLAINTEXT://HOST:PORT" };
        var file = new Option<FileInfo?>("--config", "-c") { Description = "A file in the format of Kafka's server.properties", HelpName = "FILE" };
        var sets = new Option<string[]>("--set", "-s") { Description = "A configuration key; may be repeated", HelpName = "KEY=VALUE" };
        var http = new Option<string?>("--http") { Description = "Where to serve /metrics and /healthz (ottla.http.listener)", HelpName = "HOST:PORT" };
        Option<LogLevel> level = CreateLogLevel(LogLevel.Information);
        Command start = new Command("start", "Run a broker until SIGINT or SIGTERM") { dataDirectory, listeners, file, sets, http, level }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                var settings = new ServerSettings
                {
                    FileText = context.Get(file) is { } given ? await OptionFile.ReadTextAsync(file.Name, given, cancellationToken) : null,
                    Environment = ReadEnvironment(),
                    Sets = context.Get(sets) ?? [],
                    DataDirectory = context.Get(dataDirectory),
                    Listeners = context.Get(listeners) ?? [],
                    HttpListener = context.Get(http),
                };
                await ServerRun.RunAsync(
                    context, settings, context.Get(level), (server, _) => context.Output.WriteLineAsync(ReadyLine(server)), cancellationToken);
            });
        return new Command("server", "Run a broker") { start };
    }

    public static Option<LogLevel> CreateLogLevel(LogLevel defaultLevel) => new("--log-level")
    {
        Description = "What to log on standard error: Trace, Debug, Information, Warning, Error or None",
        DefaultValueFactory = _ => defaultLevel,
    };

    /// <summary>The one line that says that the broker serves, for people and for scripts.</summary>
    public static string ReadyLine(BrokerServer server) =>
        $"ready {string.Join(' ', server.Endpoints.Select(endpoint => $"{endpoint.Listener}://{endpoint.EndPoint}"))} node {server.NodeId} cluster {server.ClusterId}";

    public static Dictionary<string, string> ReadEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            if (entry is { Key: string name, Value: string value })
            {
                variables[name] = value;
            }
        }

        return variables;
    }
}
