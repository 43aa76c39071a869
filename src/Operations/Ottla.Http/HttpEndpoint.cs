using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ottla.Broker.Hosting;
using Ottla.Http.Metrics;

namespace Ottla.Http;

/// <summary>
/// The HTTP side of a broker: <c>GET /metrics</c> in Prometheus' text format with Kafka's names, and <c>GET /healthz</c>. Started after
/// the Kafka listeners; it never decides whether the broker runs. Thread-safe.
/// </summary>
public sealed class HttpEndpoint : IAsyncDisposable
{
    private const int MaximumConnections = 100;

    private readonly WebApplication _application;
    private readonly MetricsCollector _collector;

    private HttpEndpoint(WebApplication application, MetricsCollector collector, IPEndPoint endPoint)
    {
        _application = application;
        _collector = collector;
        EndPoint = endPoint;
    }

    /// <summary>Where it listens, with the port that port 0 became.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>
    /// Whether <paramref name="text"/> is an address to listen on: an IP address or <c>localhost</c>, a colon, and a port from 0 (any
    /// free one) to 65535; an IPv6 address stands in brackets.
    /// </summary>
    public static bool TryParseAddress(string text, out IPEndPoint? endPoint)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string LocalHost = "localhost:";
        string numeric = text.StartsWith(LocalHost, StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1:{text[LocalHost.Length..]}" : text;
        int colon = numeric.LastIndexOf(':');
        bool hasPort = colon > 0 && (numeric[0] == '[' ? numeric[colon - 1] == ']' : numeric.IndexOf(':', StringComparison.Ordinal) == colon);
        endPoint = null;
        return hasPort && IPEndPoint.TryParse(numeric, out endPoint);
    }

    /// <summary>
    /// Starts to listen. An address that cannot be bound is one warning and null: a broker serves without its HTTP endpoint.
    /// </summary>
    public static async Task<HttpEndpoint?> TryStartAsync(
        BrokerServer broker, IPEndPoint address, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(broker);
        ArgumentNullException.ThrowIfNull(address);
        ILogger logger = loggerFactory.CreateLogger("Ottla.Http");
        var collector = new MetricsCollector();
        WebApplication application = Build(address, new HttpRequests(() => broker.Health, collector, logger));
        try
        {
            await application.StartAsync(cancellationToken);
            var endpoint = new HttpEndpoint(application, collector, BoundAddress(application));
            HttpLog.Listening(logger, endpoint.EndPoint);
            return endpoint;
        }
        catch (IOException error)
        {
            HttpLog.CannotListen(logger, address, error.InnerException is AddressInUseException ? "the port is in use" : error.Message);
        }
        catch (System.Net.Sockets.SocketException error)
        {
            HttpLog.CannotListen(logger, address, error.Message);
        }

        collector.Dispose();
        await application.DisposeAsync();
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(limit.Token);
        await _application.DisposeAsync();
        _collector.Dispose();
    }

    private static WebApplication Build(IPEndPoint address, HttpRequests requests)
    {
        // Empty: no files, no environment variables and no command line decide where it listens or what it logs.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = MaximumConnections;
            options.Limits.MaxRequestBodySize = 0;
            options.Listen(address);
        });
        // What matters is logged here, once: the host reports the same failure as an error of its own.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddSingleton<IHostLifetime, ForeignLifetime>();
        WebApplication application = builder.Build();
        application.Run(requests.HandleAsync);
        return application;
    }

    private static IPEndPoint BoundAddress(WebApplication application)
    {
        IServerAddressesFeature addresses = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        var uri = new Uri(addresses.Addresses.Single());
        return new IPEndPoint(IPAddress.Parse(uri.Host.Trim('[', ']')), uri.Port);
    }
}
