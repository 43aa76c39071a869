using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Ottla.Broker.Hosting;
using Ottla.Cli.CommandLine;
using Ottla.Core.Configuration;
using Ottla.Http;

namespace Ottla.Cli.Serving;

/// <summary>Starts a broker, says when it serves, and stops it in order when the process is told to end.</summary>
internal static class ServerRun
{
    /// <summary>Runs until <paramref name="cancellationToken"/> is cancelled.</summary>
    /// <param name="context">Where to report to.</param>
    /// <param name="settings">The broker's settings.</param>
    /// <param name="logLevel">What to log on standard error.</param>
    /// <param name="announce">Prints what the user is to know once the broker serves.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(
        CommandContext context,
        ServerSettings settings,
        LogLevel logLevel,
        Func<BrokerServer, HttpEndpoint?, Task> announce,
        CancellationToken cancellationToken)
    {
        BrokerConfiguration configuration = Load(context, settings);
        IPEndPoint? httpAddress = ReadHttpAddress(configuration);
        using ILoggerFactory loggers = CreateLoggers(logLevel);
        await using BrokerServer server = await StartAsync(configuration, loggers, cancellationToken);
        HttpEndpoint? http = httpAddress is null ? null : await HttpEndpoint.TryStartAsync(server, httpAddress, loggers, cancellationToken);
        try
        {
            await announce(server, http);
            await context.Output.FlushAsync(CancellationToken.None);
            await IdleMemory.WatchAsync(context.Console.TimeProvider, cancellationToken);
        }
        finally
        {
            if (http is not null)
            {
                await http.DisposeAsync();
            }
        }
    }

    private static IPEndPoint? ReadHttpAddress(BrokerConfiguration configuration)
    {
        if (!configuration.TryGet(IdentityKeys.OttlaHttpListener, out string? text))
        {
            return null;
        }

        return HttpEndpoint.TryParseAddress(text, out IPEndPoint? address)
            ? address
            : throw new UsageException(
                $"Invalid value {text} for configuration {IdentityKeys.OttlaHttpListener.Name}: allowed is HOST:PORT with an IP address or localhost.");
    }

    private static BrokerConfiguration Load(CommandContext context, ServerSettings settings)
    {
        ConfigurationLoad load = BrokerConfiguration.Load(settings.Collect());
        foreach (string warning in load.Warnings)
        {
            context.Error.WriteLine($"ottla: warning: {warning}");
        }

        return load.Configuration ?? throw new UsageException(string.Join("\nottla: ", load.Errors));
    }

    private static async Task<BrokerServer> StartAsync(BrokerConfiguration configuration, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            return await BrokerServer.StartAsync(
                new BrokerServerOptions { Configuration = configuration, LoggerFactory = loggers }, cancellationToken);
        }
        catch (SocketException exception)
        {
            string listeners = string.Join(", ", configuration.Listeners.Select(listener => $"{listener.Name}://{listener.Host}:{listener.Port}"));
            throw new CommandFailedException($"cannot listen on {listeners}: {exception.Message}");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever keeps a broker from starting is for its operator: one line that says what, the rest in the log.
            CliLog.StartFailed(loggers.CreateLogger("Ottla.Cli"), exception);
            throw new CommandFailedException(exception.Message);
        }
    }

    private static ILoggerFactory CreateLoggers(LogLevel level) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(level)
        .AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            options.UseUtcTimestamp = true;
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
}
