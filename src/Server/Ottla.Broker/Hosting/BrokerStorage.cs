using Microsoft.Extensions.Logging;
using Ottla.Coordination.Metadata;
using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Replication.Partitions;
using Ottla.Storage.Directories;

namespace Ottla.Broker.Hosting;

/// <summary>The log directories of a broker, the metadata log in them, and the partitions that follow it.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "StopAsync, which takes the broker's epoch, disposes what it owns.")]
internal sealed class BrokerStorage
{
    private static readonly TimeSpan MissingLogsInterval = TimeSpan.FromSeconds(5);

    private readonly LocalMetadataLog _metadataLog;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _timeProvider;
    private Task _openingMissing = Task.CompletedTask;

    private BrokerStorage(
        LogDirectories directories, LocalMetadataLog metadataLog, MetadataHost metadata, PartitionSet partitions, TimeProvider timeProvider)
    {
        Directories = directories;
        _metadataLog = metadataLog;
        Metadata = metadata;
        Partitions = partitions;
        _timeProvider = timeProvider;
    }

    public LogDirectories Directories { get; }

    public MetadataHost Metadata { get; }

    public PartitionSet Partitions { get; }

    /// <summary>Recovers the logs and loads the metadata; nothing is published yet.</summary>
    public static async Task<BrokerStorage> OpenAsync(BrokerServerOptions options, RandomIds ids, CancellationToken cancellationToken)
    {
        BrokerConfiguration configuration = options.Configuration;
        var self = new BrokerId(configuration.NodeId);
        LogDirectories directories = await LogDirectories.OpenAsync(ToDirectoriesOptions(options, ids, self), cancellationToken);
        LocalMetadataLog? log = null;
        try
        {
            log = await LocalMetadataLog.OpenAsync(directories, ToMetadataLogOptions(options, self), cancellationToken);
            MetadataHost metadata = await MetadataHost.OpenAsync(
                new MetadataHostOptions
                {
                    ClusterId = directories.ClusterId,
                    Configuration = configuration,
                    TopicIds = new TopicIdSource(ids.Next),
                    TimeProvider = options.TimeProvider,
                    LoggerFactory = options.LoggerFactory,
                },
                log,
                cancellationToken);
            var partitions = new PartitionSet(
                directories, self, (image, topic) => SettingsOf(configuration, image, topic), options.LoggerFactory.CreateLogger("Ottla.Replication"));
            metadata.Subscribe(new PartitionSubscriber(partitions, metadata));
            return new BrokerStorage(directories, log, metadata, partitions, options.TimeProvider);
        }
        catch
        {
            if (log is not null)
            {
                await log.DisposeAsync();
            }

            await directories.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins what the logs need now and then: checkpoints, retention, and opening those that could not be opened.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Directories.StartAsync(cancellationToken);
        _openingMissing = OpenMissingLogsAsync(_stopping.Token);
    }

    /// <summary>Stops the metadata, then closes all logs durably and marks the stop as clean.</summary>
    public async Task StopAsync(long brokerEpoch)
    {
        await _stopping.CancelAsync();
        await _openingMissing;
        await Metadata.StopAsync();
        await _metadataLog.DisposeAsync();
        await Directories.StopAsync(brokerEpoch);
        Partitions.Dispose();
        _stopping.Dispose();
    }

    // A topic that is made while its disk is full gets its logs when there is room.
    private async Task OpenMissingLogsAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(MissingLogsInterval, _timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await Partitions.OpenMissingAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The broker stops.
        }
    }

    private static TopicSettings SettingsOf(BrokerConfiguration given, MetadataImage image, string topic)
    {
        var self = ConfigResource.ForBroker(new BrokerId(given.NodeId));
        BrokerConfiguration broker = given.WithDynamic(image.Configs.For(ConfigResource.ClusterDefault), image.Configs.For(self));
        return TopicSettings.From(new TopicConfiguration(broker, image.Configs.ForTopic(topic)));
    }

    private static LogDirectoriesOptions ToDirectoriesOptions(BrokerServerOptions options, RandomIds ids, BrokerId self)
    {
        BrokerConfiguration configuration = options.Configuration;
        ILogger logger = options.LoggerFactory.CreateLogger("Ottla.Broker");
        return new LogDirectoriesOptions
        {
            Paths = [.. configuration.LogDirectories.Select(Path.GetFullPath)],
            NodeId = self,
            ClusterId = configuration.TryGet(IdentityKeys.OttlaClusterId, out string? clusterId) ? clusterId : null,
            NewId = ids.Next,
            Random = ids.Fork(),
            Clock = options.TimeProvider,
            LoggerFactory = options.LoggerFactory,
            RecoveryThreads = configuration.Get(LogKeys.NumRecoveryThreadsPerDataDir),
            CheckpointInterval = ToInterval(ShortestCheckpointInterval(configuration)),
            RetentionCheckInterval = ToInterval(configuration.Get(LogKeys.LogRetentionCheckIntervalMs)),
            ProducerIdExpirationMilliseconds = configuration.Get(LogKeys.ProducerIdExpirationMs),
            WhenOffline = (directory, exception) => BrokerLog.LogDirectoryOffline(logger, directory.Path, exception),
        };
    }

    /// <summary>The longest intervals that can be configured are more than a TimeSpan holds.</summary>
    private static TimeSpan ToInterval(long milliseconds) =>
        milliseconds < TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.MaxValue;

    /// <summary>All checkpoint files of a directory are written in one pass, as often as the one that is to be freshest.</summary>
    private static long ShortestCheckpointInterval(BrokerConfiguration configuration) => Math.Min(
        Math.Min(configuration.Get(LogKeys.LogFlushOffsetCheckpointIntervalMs), configuration.Get(LogKeys.LogFlushStartOffsetCheckpointIntervalMs)),
        configuration.Get(LogKeys.ReplicaHighWatermarkCheckpointIntervalMs));

    private static LocalMetadataLogOptions ToMetadataLogOptions(BrokerServerOptions options, BrokerId self) => new()
    {
        NodeId = self,
        TimeProvider = options.TimeProvider,
        LoggerFactory = options.LoggerFactory,
        Directory = options.Configuration.TryGet(IdentityKeys.MetadataLogDir, out string? directory) && directory.Length > 0
            ? Path.GetFullPath(directory)
            : null,
        SegmentBytes = options.Configuration.Get(MetadataLogKeys.MetadataLogSegmentBytes),
        MaxBytesBetweenSnapshots = options.Configuration.Get(MetadataLogKeys.MetadataLogMaxRecordBytesBetweenSnapshots),
        MaxSnapshotIntervalMilliseconds = options.Configuration.Get(MetadataLogKeys.MetadataLogMaxSnapshotIntervalMs),
    };
}
