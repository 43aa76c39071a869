using System.Net;
using Microsoft.Extensions.Logging;
using Ottla.Broker.Hosting;
using Ottla.Core.Configuration;
using Ottla.Tests.Processes;

namespace Ottla.Http.Tests;

/// <summary>A broker with its HTTP endpoint on free ports, and somebody who asks it.</summary>
internal sealed class HttpScenario : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly HttpClient _client = new();

    private HttpScenario(TemporaryFolder folder, BrokerServer broker)
    {
        _folder = folder;
        Broker = broker;
    }

    public BrokerServer Broker { get; }

    public HttpEndpoint? Endpoint { get; private set; }

    public CapturedLog Log { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HttpScenario> StartAsync()
    {
        var folder = new TemporaryFolder("http-data");
        ConfigurationLoad load = BrokerConfiguration.Load(
        [
            new("log.dirs", folder.Path),
            new("listeners", "PLAINTEXT://127.0.0.1:0"),
        ]);
        Assert.Empty(load.Errors);
        Assert.NotNull(load.Configuration);
        return new HttpScenario(folder, await BrokerServer.StartAsync(new BrokerServerOptions { Configuration = load.Configuration }, Cancellation));
    }

    public async Task<HttpEndpoint?> ListenAsync(IPEndPoint address)
    {
        using ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddProvider(Log));
        return await HttpEndpoint.TryStartAsync(Broker, address, factory, Cancellation);
    }

    public async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        Endpoint ??= await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.NotNull(Endpoint);
        using HttpResponseMessage response = await _client.GetAsync(new Uri($"http://{Endpoint.EndPoint}{path}"), Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (Endpoint is not null)
        {
            await Endpoint.DisposeAsync();
        }

        await Broker.DisposeAsync();
        _folder.Dispose();
    }
}
