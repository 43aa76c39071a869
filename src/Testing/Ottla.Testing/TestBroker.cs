using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ottla.Broker.Hosting;
using Ottla.Client;
using Ottla.Core.Configuration;

namespace Ottla.Testing;

/// <summary>
/// The real broker in the caller's process, for tests of what talks to Kafka: on a free port of the loopback address, with its data in a
/// folder of its own that goes away with it. Any Kafka client can use it. Thread-safe.
/// </summary>
public sealed class TestBroker : IAsyncDisposable
{
    private readonly BrokerServerOptions _options;
    private readonly DirectoryInfo _folder;
    private BrokerServer _server;

    /// <param name="server">The broker, which runs.</param>
    /// <param name="options">What it is started with again, on the port that it has.</param>
    /// <param name="folder">Its data.</param>
    private TestBroker(BrokerServer server, BrokerServerOptions options, DirectoryInfo folder)
    {
        _server = server;
        _options = options;
        _folder = folder;
        BootstrapServers = server.Endpoints[0].EndPoint.ToString();
        Client = OttlaClient.Connect(BootstrapServers);
    }

    /// <summary>What clients connect to.</summary>
    public string BootstrapServers { get; }

    /// <summary>A client of this broker, for making topics and for looking at what a test left.</summary>
    public OttlaClient Client { get; }

    /// <summary>Starts a broker. It serves when this returns.</summary>
    /// <param name="settings">Configuration under Kafka's names; what is not set has the broker's defaults, and groups begin at once.</param>
    /// <param name="timeProvider">The broker's clock; the system's by default. A fake one moves only when the test moves it.</param>
    /// <param name="loggerFactory">Where the broker logs; nowhere by default.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message names the key and what it may be.</exception>
    public static async Task<TestBroker> StartAsync(
        IEnumerable<KeyValuePair<string, string>>? settings = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ottla-testing-");
        try
        {
            settings = [.. settings ?? []];
            var options = new BrokerServerOptions
            {
                Configuration = Load(folder, 0, settings),
                TimeProvider = timeProvider ?? TimeProvider.System,
                LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance,
            };
            BrokerServer server = await BrokerServer.StartAsync(options, cancellationToken);
            int port = server.Endpoints[0].EndPoint.Port;
            return new TestBroker(server, options with { Configuration = Load(folder, port, settings) }, folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>
    /// Stops the broker in order and starts it again with the same settings, data and port, so that clients meet closed connections and
    /// then refused ones for a while. Not while another restart runs.
    /// </summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await _server.StopAsync();
        _server = await BrokerServer.StartAsync(_options, cancellationToken);
    }

    /// <summary>Stops the broker and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _server.DisposeAsync();
        if (Directory.Exists(_folder.FullName))
        {
            _folder.Delete(recursive: true);
        }
    }

    private static BrokerConfiguration Load(DirectoryInfo folder, int port, IEnumerable<KeyValuePair<string, string>> settings)
    {
        ConfigurationLoad load = BrokerConfiguration.Load(
        [
            new("log.dirs", folder.FullName),
            new("listeners", $"PLAINTEXT://127.0.0.1:{port}"),
            new("group.initial.rebalance.delay.ms", "0"),
            .. settings,
        ]);
        return load.Configuration ?? throw new ArgumentException(string.Join('\n', load.Errors), nameof(settings));
    }
}
