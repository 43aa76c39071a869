using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ottla.Coordination.Metadata;
using Ottla.Core.Configuration;
using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Storage.Directories;
using Ottla.Storage.Files;
using Ottla.Storage.Tests.Support;

namespace Ottla.Coordination.Tests.Metadata;

/// <summary>A metadata host on its log in one log directory, on a simulated disk unless told otherwise.</summary>
internal sealed class MetadataScenario : IAsyncDisposable
{
    private readonly SequentialIds _ids = new();
    private LocalMetadataLog? _log;
    private LogDirectories? _directories;

    public MetadataScenario(IFileSystem? files = null, string path = "/data")
    {
        Files = files ?? new SimulatedDisk();
        Path = path;
    }

    public IFileSystem Files { get; private set; }

    public SimulatedDisk Disk => (SimulatedDisk)Files;

    public string Path { get; }

    public string LogPath => System.IO.Path.Combine(Path, "__cluster_metadata-0");

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));

    public long MaxBytesBetweenSnapshots { get; init; } = long.MaxValue;

    public BrokerId NodeId { get; set; } = new(1);

    public MetadataHost Host { get; private set; } = null!; // set by OpenAsync, which every test calls first

    public IMetadataLog Log => Host.Log;

    public long BrokerEpoch { get; private set; }

    public async Task<MetadataScenario> OpenAsync(params IMetadataSubscriber[] subscribers)
    {
        _directories = await LogDirectories.OpenAsync(
            new LogDirectoriesOptions
            {
                Paths = [Path],
                NodeId = NodeId,
                NewId = _ids.NewId,
                Random = new Random(1),
                Clock = Clock,
                LoggerFactory = NullLoggerFactory.Instance,
                Files = Files,
                QueueFactory = Files is SimulatedDisk ? static (_, _, _) => new InlineQueue() : null,
            },
            CancellationToken.None);
        _log = await LocalMetadataLog.OpenAsync(
            _directories,
            new LocalMetadataLogOptions
            {
                NodeId = NodeId,
                Files = Files,
                TimeProvider = Clock,
                LoggerFactory = NullLoggerFactory.Instance,
                MaxBytesBetweenSnapshots = MaxBytesBetweenSnapshots,
                WorkQueue = Files is SimulatedDisk ? new InlineQueue() : null,
            },
            CancellationToken.None);
        Host = await MetadataHost.OpenAsync(
            new MetadataHostOptions
            {
                ClusterId = _directories.ClusterId,
                Configuration = BrokerConfiguration.Default,
                TopicIds = _ids,
                TimeProvider = Clock,
                LoggerFactory = NullLoggerFactory.Instance,
            },
            _log,
            CancellationToken.None);
        foreach (IMetadataSubscriber subscriber in subscribers)
        {
            Host.Subscribe(subscriber);
        }

        BrokerEpoch = await Host.StartAsync(
            new BrokerRegistrationRequest
            {
                BrokerId = NodeId.Value,
                IncarnationId = _ids.NewId(),
                LogDirs = [_directories.Directories[0].DirectoryId],
                PreviousBrokerEpoch = _directories.PreviousBrokerEpoch,
            },
            CancellationToken.None);
        return this;
    }

    /// <summary>Stops cleanly.</summary>
    public async Task StopAsync()
    {
        await Host.StopAsync();
        await _log!.DisposeAsync(); // opened with the host
        await _directories!.StopAsync(BrokerEpoch);
        _directories = null;
    }

    /// <summary>Goes on with the disk as it is after a crash of the process, or of the machine.</summary>
    public void Crash(bool losesUnsynced)
    {
        Files = Disk.AfterCrash(losesUnsynced);
        _directories = null;
    }

    public async Task<ErrorCode> CreateTopicAsync(string name, int partitions = 1, params (string Key, string Value)[] configs)
    {
        MetadataAnswer<CreateTopicsResponse> answer = await Host.CreateTopicsAsync(
            new CreateTopicsRequest
            {
                Topics =
                [
                    new CreateTopicsRequest.CreatableTopic
                    {
                        Name = name,
                        NumPartitions = partitions,
                        ReplicationFactor = 1,
                        Configs = [.. configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Key, Value = config.Value })],
                    },
                ],
            },
            capReplicationFactor: false,
            CancellationToken.None);
        return answer.Response?.Topics[0].ErrorCode ?? answer.Error;
    }

    public async Task<ErrorCode> DeleteTopicAsync(string name)
    {
        DeleteTopicsRequest request = new() { Topics = [new DeleteTopicsRequest.DeleteTopicState { Name = name }] };
        MetadataAnswer<DeleteTopicsResponse> answer =
            await Host.SubmitAsync<DeleteTopicsResponse>(token => new ControllerCommand.DeleteTopics(token, request), CancellationToken.None);
        return answer.Response?.Responses[0].ErrorCode ?? answer.Error;
    }

    public async Task<long> AllocateProducerIdsAsync()
    {
        MetadataAnswer<AllocateProducerIdsResponse> answer = await Host.AllocateProducerIdsAsync(NodeId, CancellationToken.None);
        return answer.Response is { ErrorCode: ErrorCode.None } block ? block.ProducerIdStart : -1;
    }

    public async ValueTask DisposeAsync()
    {
        if (_directories is not null)
        {
            await StopAsync();
        }
    }

    private sealed class SequentialIds : ITopicIdSource
    {
        private int _next;

        public Guid NewId() => new(Interlocked.Increment(ref _next), 5, 5, new byte[8]);

        public TopicId Next() => new(NewId());
    }
}
