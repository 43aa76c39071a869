using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ottla.Broker.Authorization;
using Ottla.Broker.Connections;
using Ottla.Broker.Metrics;
using Ottla.Broker.Requests;
using Ottla.Broker.Requests.ApiVersions;
using Ottla.Protocol;
using Ottla.Transport.Sockets;

namespace Ottla.Broker.Tests.Support;

/// <summary>A listener with connections and the request pipeline, on handlers that the test controls, without a broker behind.</summary>
internal sealed class PipelineScenario : IAsyncDisposable
{
    private readonly BrokerMetrics _metrics;
    private readonly Listener _listener;

    private PipelineScenario(BrokerMetrics metrics, ConnectionSet connections, Listener listener, FakeTimeProvider time, ConnectionParts parts)
    {
        _metrics = metrics;
        Connections = connections;
        _listener = listener;
        Time = time;
        Parts = parts;
    }

    public FakeTimeProvider Time { get; }

    public ConnectionSet Connections { get; }

    public ConnectionParts Parts { get; }

    public IPEndPoint EndPoint => _listener.EndPoint;

    public static async Task<PipelineScenario> StartAsync(ConnectionOptions options, params ApiHandler[] handlers)
    {
        var time = new FakeTimeProvider();
        var metrics = new BrokerMetrics(time);
        var identity = new ApiVersionsIdentity("cluster", new BrokerId(1), static () => new ServedFeatures(3, [new ServedFeature("metadata.version", 7, 30, 30)]));
        var router = new RequestRouter([.. handlers, new ApiVersionsHandler(handlers, identity)], metrics, NullLogger.Instance);
        var diskThreads = new DiskThreads();
        diskThreads.Start();
        var parts = new ConnectionParts
        {
            Options = options,
            Decoder = new RequestDecoder(router, new AllowAllAuthorizer()),
            Router = router,
            DiskThreads = diskThreads,
            Budget = new RequestMemoryBudget(options.RequestMemoryBytes),
            TimeProvider = time,
            Logger = NullLogger.Instance,
        };
        var connections = new ConnectionSet(parts);
        Listener listener = await Listener.BindAsync(
            new ListenerOptions(new ListenerName("PLAINTEXT"), "127.0.0.1", 0, "127.0.0.1", 0), TransportOptions.Default, connections, parts, CancellationToken.None);
        listener.Start();
        return new PipelineScenario(metrics, connections, listener, time, parts);
    }

    public Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(EndPoint);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await Connections.DisposeAsync();
        await Task.Yield();
        Parts.DiskThreads.Dispose();
        _metrics.Dispose();
    }
}
