using System.Net;
using Ottla.Broker.Hosting;
using Ottla.Coordination.Metadata;
using Ottla.Core.Configuration;
using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Support;

/// <summary>A whole broker in this process, on a folder of its own and a port that the kernel chooses.</summary>
internal sealed class BrokerScenario : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Dictionary<string, string> _settings;
    private readonly TimeProvider _timeProvider;

    private BrokerScenario(Dictionary<string, string> settings, TimeProvider timeProvider)
    {
        _folder = Directory.CreateTempSubdirectory("ottla-broker-").FullName;
        _timeProvider = timeProvider;
        _settings = new Dictionary<string, string>(settings)
        {
            ["log.dirs"] = _folder,
            ["node.id"] = "1",
        };
        _settings.TryAdd("listeners", "PLAINTEXT://127.0.0.1:0");
    }

    public BrokerServer Broker { get; private set; } = null!; // set by StartAsync

    public IPEndPoint EndPoint => Broker.Endpoints[0].EndPoint;

    public string Folder => _folder;

    public static async Task<BrokerScenario> StartAsync(TimeProvider? timeProvider = null, params (string Key, string Value)[] settings)
    {
        var scenario = new BrokerScenario(settings.ToDictionary(pair => pair.Key, pair => pair.Value), timeProvider ?? TimeProvider.System);
        await scenario.StartBrokerAsync();
        return scenario;
    }

    public static Task<BrokerScenario> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    public async Task RestartAsync()
    {
        await Broker.StopAsync();
        await StartBrokerAsync();
    }

    public async Task<Guid> CreateTopicAsync(string name, int partitions = 1, params (string Key, string Value)[] configs)
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = partitions, ReplicationFactor = 1 };
        topic.Configs.AddRange(configs.Select(pair => new CreateTopicsRequest.CreatableTopicConfig { Name = pair.Key, Value = pair.Value }));
        MetadataAnswer<CreateTopicsResponse> answer = await Broker.Storage.Metadata.CreateTopicsAsync(
            new CreateTopicsRequest { Topics = [topic], TimeoutMs = 10_000 }, capReplicationFactor: false, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCode.None, answer.Error);
        CreateTopicsResponse.CreatableTopicResult result = Assert.Single(answer.Response?.Topics ?? []);
        Assert.Equal(ErrorCode.None, result.ErrorCode);
        return result.TopicId;
    }

    public async Task DeleteTopicAsync(string name)
    {
        var request = new DeleteTopicsRequest { Topics = [new() { Name = name }], TimeoutMs = 10_000 };
        MetadataAnswer<DeleteTopicsResponse> answer = await Broker.Storage.Metadata.SubmitAsync<DeleteTopicsResponse>(
            token => new ControllerCommand.DeleteTopics(token, request), TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCode.None, answer.Error);
        Assert.Equal(ErrorCode.None, Assert.Single(answer.Response?.Responses ?? []).ErrorCode);
    }

    public Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(EndPoint);

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartBrokerAsync()
    {
        ConfigurationLoad load = BrokerConfiguration.Load(_settings);
        Assert.Empty(load.Errors);
        Broker = await BrokerServer.StartAsync(
            new BrokerServerOptions { Configuration = load.Configuration ?? throw new InvalidOperationException("There is no configuration."), TimeProvider = _timeProvider }, TestContext.Current.CancellationToken);
    }
}
