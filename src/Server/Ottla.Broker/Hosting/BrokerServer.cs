using Microsoft.Extensions.Logging;
using Ottla.Broker.Authorization;
using Ottla.Broker.Connections;
using Ottla.Broker.Metrics;
using Ottla.Broker.Requests;
using Ottla.Broker.Requests.ApiVersions;
using Ottla.Broker.Requests.Fetch;
using Ottla.Broker.Requests.Metadata;
using Ottla.Broker.Requests.Partitions;
using Ottla.Broker.Requests.Producers;
using Ottla.Coordination.Groups;
using Ottla.Coordination.Metadata;
using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Storage.Directories;

namespace Ottla.Broker.Hosting;

/// <summary>
/// A broker in this process. It serves from the moment that <see cref="StartAsync"/> returns until <see cref="StopAsync"/> is called.
/// Thread-safe.
/// </summary>
public sealed class BrokerServer : IAsyncDisposable
{
    private readonly BrokerServerOptions _options;
    private readonly ILogger _logger;
    private readonly BrokerStorage _storage;
    private readonly GroupCoordinator _groups;
    private readonly List<Listener> _listeners = [];
    private readonly DiskThreads _diskThreads = new();
    private ConnectionSet? _connections;
    private ProducerIdSource? _producerIds;
    private long _brokerEpoch = -1;
    private volatile bool _isStopping;
    private int _isStopped;

    private BrokerServer(BrokerServerOptions options, BrokerStorage storage, RandomIds ids)
    {
        _options = options;
        _logger = options.LoggerFactory.CreateLogger("Ottla.Broker");
        _storage = storage;
        _groups = new GroupCoordinator(ConfiguredOptions.Groups(options.Configuration), ids.Next, options.TimeProvider, options.LoggerFactory);
        Metrics = new BrokerMetrics(options.TimeProvider);
    }

    /// <summary>The cluster's id.</summary>
    public string ClusterId => _storage.Directories.ClusterId;

    /// <summary>This broker's node id.</summary>
    public int NodeId => _options.Configuration.NodeId;

    /// <summary>Where it serves, in the order of <c>listeners</c>.</summary>
    public IReadOnlyList<BoundEndpoint> Endpoints { get; private set; } = [];

    /// <summary>What it counts.</summary>
    public BrokerMetrics Metrics { get; }

    /// <summary>What it keeps on disk, for tests.</summary>
    internal BrokerStorage Storage => _storage;

    /// <summary>How many connections are open, for tests.</summary>
    internal long OpenConnections => _listeners.Sum(listener => _connections?.CountOf(listener.Options.Name) ?? 0);

    /// <summary>How it is at this moment.</summary>
    public BrokerHealth Health => new(
        _connections is not null && !_isStopping,
        [.. _storage.Directories.Directories.Where(static directory => directory.State == LogDirectoryState.Offline).Select(static directory => directory.Path)]);

    /// <summary>
    /// Recovers the logs, loads the metadata, and serves once everything is ready.
    /// </summary>
    /// <exception cref="LogDirectoryException">A data directory is in use, or belongs to another node or cluster, or none can be used.</exception>
    /// <exception cref="InvalidMetadataException">The metadata log is damaged.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A listener's address cannot be bound.</exception>
    public static async Task<BrokerServer> StartAsync(BrokerServerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ids = new RandomIds(options.Random);
        BrokerStorage storage = await BrokerStorage.OpenAsync(options, ids, cancellationToken);
        var server = new BrokerServer(options, storage, ids);
        try
        {
            await server.ServeAsync(ids, cancellationToken);
            return server;
        }
        catch
        {
            await server.StopAsync();
            throw;
        }
    }

    /// <summary>
    /// Takes no more connections and requests, finishes those under way, and closes all logs so that the next start need not recover.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        BrokerLog.Stopping(_logger, NodeId);
        _isStopping = true;
        foreach (Listener listener in _listeners)
        {
            await listener.DisposeAsync();
        }

        // Fetches and group members that wait are answered, so that the connections can drain.
        _storage.Partitions.WakeAll();
        await _groups.DisposeAsync();
        if (_connections is { } connections)
        {
            await connections.DisposeAsync();

            // What ended the last connection may be one of the threads, which cannot wait for itself.
            await Task.Yield();
            _diskThreads.Dispose();
        }

        await _storage.StopAsync(_brokerEpoch);
        _producerIds?.Dispose();
        Metrics.Dispose();
        BrokerLog.Stopped(_logger, NodeId);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ServeAsync(RandomIds ids, CancellationToken cancellationToken)
    {
        MetadataHost metadata = _storage.Metadata;
        metadata.Subscribe(new OffsetsTopicSubscriber(_groups, _storage.Partitions, _options.TimeProvider));
        ConnectionParts parts = CreateConnectionParts(ids);
        _diskThreads.Start();
        _connections = new ConnectionSet(parts);
        foreach (ListenerOptions listener in ConfiguredOptions.Listeners(_options.Configuration))
        {
            _listeners.Add(await Listener.BindAsync(
                listener, ConfiguredOptions.Transport(_options.Configuration), _connections, parts, cancellationToken));
        }

        Endpoints = [.. _listeners.Select(ToEndpoint)];
        _brokerEpoch = await metadata.StartAsync(ToRegistration(ids), cancellationToken);
        await _groups.WhenLoadedAsync().WaitAsync(cancellationToken);
        await _storage.StartAsync(cancellationToken);
        AddGauges();
        foreach (Listener listener in _listeners)
        {
            WarnOfOpenListener(listener);
            listener.Start();
        }

        TopicsImage topics = metadata.Current.Topics;
        BrokerLog.Serving(_logger, NodeId, ClusterId, topics.ByName.Count, topics.ByName.Values.Sum(static topic => topic.Partitions.Length));
    }

    private ConnectionParts CreateConnectionParts(RandomIds ids)
    {
        var authorizer = new AllowAllAuthorizer();
        _producerIds = new ProducerIdSource(AllocateProducerIdsAsync);
        var router = new RequestRouter(RequestHandlers.Create(CreateBrokerParts(ids)), Metrics, _logger);
        ConnectionOptions options = ConfiguredOptions.Connections(_options.Configuration);
        return new ConnectionParts
        {
            Options = options,
            Decoder = new RequestDecoder(router, authorizer),
            Router = router,
            DiskThreads = _diskThreads,
            Budget = new RequestMemoryBudget(options.RequestMemoryBytes),
            TimeProvider = _options.TimeProvider,
            Logger = _logger,
        };
    }

    private BrokerParts CreateBrokerParts(RandomIds ids)
    {
        MetadataHost metadata = _storage.Metadata;
        var effective = new EffectiveConfiguration(_options.Configuration, new BrokerId(NodeId));
        return new BrokerParts
        {
            Configuration = _options.Configuration,
            TimeProvider = _options.TimeProvider,
            LoggerFactory = _options.LoggerFactory,
            Self = new BrokerId(NodeId),
            Identity = new ApiVersionsIdentity(ClusterId, new BrokerId(NodeId), () => CurrentFeatures(metadata.Current)),
            Metrics = Metrics,
            Metadata = metadata,
            EffectiveConfiguration = effective,
            AutoCreation = new TopicAutoCreation(metadata, effective),
            Groups = _groups,
            LogDirectories = _storage.Directories,
            Partitions = _storage.Partitions,
            PartitionDirectory = new PartitionDirectory(_storage.Partitions, () => metadata.Current),
            ProducerIds = _producerIds!, // made just before
            FetchSessions = new FetchSessionCache(
                _options.Configuration.Get(NetworkKeys.MaxIncrementalFetchSessionCacheSlots), ids.Fork(), _options.TimeProvider),
            IsStopping = () => _isStopping,
        };
    }

    private async ValueTask<ProducerIdBlock> AllocateProducerIdsAsync(CancellationToken cancellationToken)
    {
        MetadataAnswer<AllocateProducerIdsResponse> answer =
            await _storage.Metadata.AllocateProducerIdsAsync(new BrokerId(NodeId), cancellationToken);
        return answer.Response is { } response
            ? new ProducerIdBlock(response.ErrorCode, response.ProducerIdStart, response.ProducerIdLen)
            : new ProducerIdBlock(answer.Error, -1, 0);
    }

    private static Requests.ApiVersions.ServedFeatures CurrentFeatures(MetadataImage image) => new(
        image.Offset,
        [.. Core.Controller.ServedFeatures.All.Select(feature =>
            new ServedFeature(feature.Name, feature.MinVersion, feature.MaxVersion, image.Features.GetValueOrDefault(feature.Name)))]);

    private static BoundEndpoint ToEndpoint(Listener listener) => new(
        listener.Options.Name.Value,
        listener.EndPoint,
        listener.Options.AdvertisedHost,
        listener.Options.AdvertisedPort == 0 ? listener.EndPoint.Port : listener.Options.AdvertisedPort);

    private BrokerRegistrationRequest ToRegistration(RandomIds ids) => new()
    {
        BrokerId = NodeId,
        ClusterId = ClusterId,
        IncarnationId = ids.Next(),
        Rack = _options.Configuration.TryGet(IdentityKeys.BrokerRack, out string? rack) ? rack : null,
        LogDirs = [.. _storage.Directories.Directories.Select(static directory => directory.DirectoryId)],
        PreviousBrokerEpoch = _storage.Directories.PreviousBrokerEpoch,
        Listeners = [.. Endpoints.Select(static endpoint => new BrokerRegistrationRequest.Listener
        {
            Name = endpoint.Listener,
            Host = endpoint.AdvertisedHost,
            Port = (ushort)endpoint.AdvertisedPort,
        })],
        Features = [.. Core.Controller.ServedFeatures.All.Select(static feature => new BrokerRegistrationRequest.Feature
        {
            Name = feature.Name,
            MinSupportedVersion = feature.MinVersion,
            MaxSupportedVersion = feature.MaxVersion,
        })],
    };

    private void AddGauges()
    {
        Metrics.AddGauge("ottla.broker.partitions", "{partition}", "Partitions that this broker keeps", () => _storage.Partitions.All.Count());
        Metrics.AddGauge("ottla.broker.partitions.leader", "{partition}", "Partitions that this broker leads", () => _storage.Partitions.All.Count(static partition => partition.IsLeader));
        Metrics.AddGauge("ottla.broker.topics", "{topic}", "Topics in the metadata", () => _storage.Metadata.Current.Topics.ByName.Count);
        Metrics.AddGauge("ottla.broker.log.size", "By", "Bytes of all logs", () => _storage.Partitions.All.Sum(static partition => partition.Log.SizeInBytes));
        Metrics.AddGauge(
            "ottla.broker.log_directories.offline",
            "{directory}",
            "Log directories that failed",
            () => _storage.Directories.Directories.Count(static directory => directory.State == LogDirectoryState.Offline));
        foreach (Listener listener in _listeners)
        {
            Metrics.AddListener(listener.Options.Name, () => _connections!.CountOf(listener.Options.Name)); // made before the listeners
        }
    }

    private void WarnOfOpenListener(Listener listener)
    {
        if (!System.Net.IPAddress.IsLoopback(listener.EndPoint.Address))
        {
            BrokerLog.ListensBeyondLoopback(_logger, listener.Options.Name.Value, listener.EndPoint);
        }
    }
}
