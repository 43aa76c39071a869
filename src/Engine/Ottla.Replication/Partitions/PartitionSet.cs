using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Storage.Directories;
using Ottla.Storage.Logs;

namespace Ottla.Replication.Partitions;

/// <summary>
/// The partitions that this broker keeps, as the metadata says. Lookups are free of locks and come from any thread; changes are applied
/// by one caller at a time, in the order of the metadata log.
/// </summary>
public sealed class PartitionSet : IDisposable
{
    private readonly ConcurrentDictionary<string, TopicPartitions> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TopicId, TopicPartitions> _byId = new();
    private readonly LogDirectories _directories;
    private readonly BrokerId _self;
    private readonly Func<MetadataImage, string, TopicSettings> _settingsOf;
    private readonly ILogger _logger;

    // One change at a time; guards _image and _hasMissing.
    private readonly SemaphoreSlim _changing = new(1, 1);
    private MetadataImage? _image;
    private bool _hasMissing;

    /// <param name="directories">Where the logs are.</param>
    /// <param name="self">This broker.</param>
    /// <param name="settingsOf">The configuration of a topic by its name, as an image has it.</param>
    /// <param name="logger">Where changes are logged.</param>
    public PartitionSet(LogDirectories directories, BrokerId self, Func<MetadataImage, string, TopicSettings> settingsOf, ILogger logger)
    {
        _directories = directories;
        _self = self;
        _settingsOf = settingsOf;
        _logger = logger;
    }

    /// <summary>Told of each topic that is gone, on the thread that applies the change.</summary>
    public Action<string>? TopicDeleted { get; set; }

    /// <summary>All topics of which this broker keeps partitions.</summary>
    public IEnumerable<TopicPartitions> Topics => _byName.Values;

    /// <summary>All partitions that this broker keeps.</summary>
    public IEnumerable<Partition> All => _byName.Values.SelectMany(static topic => topic.Partitions);

    /// <summary>The partitions of a topic by its name, or null.</summary>
    public TopicPartitions? FindTopic(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The partitions of a topic by its id, or null.</summary>
    public TopicPartitions? FindTopic(TopicId id) => _byId.GetValueOrDefault(id);

    /// <summary>One partition by name, or null.</summary>
    public Partition? Find(TopicPartition partition) => FindTopic(partition.Topic)?.Find(partition.Partition.Value);

    /// <summary>
    /// Takes the logs away whose partitions <paramref name="image"/> does not have, before the first change is followed. Those of topics
    /// that are known to be deleted are deleted: a crash came between the deletion and that of the files. Any others are renamed and
    /// kept, for if the metadata were lost they would be all that is left.
    /// </summary>
    /// <param name="image">The metadata at the start.</param>
    /// <param name="deleted">Topics that were deleted before the start.</param>
    public async ValueTask RemoveStraysAsync(MetadataImage image, IReadOnlySet<TopicId> deleted)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(deleted);
        ILookup<bool, PartitionLog> strays = _directories.AllLogs
            .Where(log => log.TopicPartition.Topic != TopicNames.ClusterMetadata && !Has(image, log))
            .ToLookup(log => deleted.Contains(log.TopicId));
        foreach (PartitionLog log in strays[true])
        {
            // Nobody reads yet.
            log.Options = log.Options with { FileDeleteDelayMilliseconds = 0 };
        }

        ErrorCode deletion = await _directories.DeleteLogsAsync(strays[true].Select(static log => log.TopicPartition));
        ErrorCode removal = await _directories.SetStraysAsideAsync(strays[false]);
        if ((deletion == ErrorCode.None ? removal : deletion) is var error and not ErrorCode.None)
        {
            ReplicationLog.StraysNotRemoved(_logger, error);
        }
    }

    /// <summary>
    /// Follows one change of the metadata: makes and deletes logs, changes leaders and configurations. At the start of a broker the change
    /// is everything there is.
    /// </summary>
    /// <param name="delta">The change.</param>
    /// <param name="image">The metadata after it.</param>
    /// <param name="cancellationToken">Gives up before the next log is made.</param>
    public async ValueTask ApplyAsync(MetadataDelta delta, MetadataImage image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delta);
        ArgumentNullException.ThrowIfNull(image);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _image = image;
            foreach (TopicImage topic in delta.Topics.Deleted)
            {
                await DeleteAsync(topic);
            }

            foreach (TopicDelta topic in delta.Topics.Changed)
            {
                await ApplyAsync(image, topic.Id, topic.Name, topic.ChangedPartitions, cancellationToken);
            }

            Configure(delta, image);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Tries again to open the logs that could not be opened when the metadata asked for them, as on a full disk. To be called now and
    /// then; costs nothing while there are none.
    /// </summary>
    /// <returns>Whether every log is open.</returns>
    public async ValueTask<bool> OpenMissingAsync(CancellationToken cancellationToken)
    {
        if (!Volatile.Read(ref _hasMissing))
        {
            return true;
        }

        await _changing.WaitAsync(cancellationToken);
        try
        {
            _hasMissing = false;
            MetadataImage image = _image!; // nothing is missing before the first change
            foreach (TopicImage topic in image.Topics.ByName.Values)
            {
                TopicPartitions? known = FindTopic(topic.Id);
                List<PartitionImage> missing = [.. topic.Partitions.Where(partition => partition.Replicas.Contains(_self) && known?.Find(partition.Id.Value) is null)];
                if (missing.Count > 0)
                {
                    await ApplyAsync(image, topic.Id, topic.Name, missing, cancellationToken);
                }
            }

            return !_hasMissing;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Wakes every request that waits for a partition, so that it is answered with what there is: the broker stops.</summary>
    public void WakeAll()
    {
        foreach (Partition partition in All)
        {
            partition.WakeAll();
        }
    }

    /// <summary>To be called when no change is applied any more. The logs are their directories' to close.</summary>
    public void Dispose() => _changing.Dispose();

    private async ValueTask ApplyAsync(
        MetadataImage image, TopicId id, string name, IEnumerable<PartitionImage> changed, CancellationToken cancellationToken)
    {
        TopicPartitions topic = _byId.GetValueOrDefault(id) ?? new TopicPartitions(name, id, []);
        var added = new List<(int Index, Partition? Partition)>();
        int missing = 0;
        ErrorCode error = ErrorCode.None;
        foreach (PartitionImage partition in changed)
        {
            if (topic.Find(partition.Id.Value) is { } known)
            {
                known.Become(partition);
            }
            else if (partition.Replicas.Contains(_self))
            {
                (Partition? opened, error) = await OpenAsync(image, id, name, partition, cancellationToken);
                missing += opened is null ? 1 : 0;
                added.Add((partition.Id.Value, opened));
            }
        }

        if (missing > 0)
        {
            Volatile.Write(ref _hasMissing, true);
            ReplicationLog.LogsNotOpened(_logger, missing, name, error);
        }

        if (added.Count == 0)
        {
            return;
        }

        TopicPartitions grown = topic.With(added);
        _byId[id] = grown;
        _byName[name] = grown;
    }

    private async ValueTask<(Partition? Partition, ErrorCode Error)> OpenAsync(
        MetadataImage image, TopicId id, string name, PartitionImage partition, CancellationToken cancellationToken)
    {
        TopicSettings settings = _settingsOf(image, name);
        var topicPartition = new TopicPartition(name, partition.Id);
        LogCreation creation = await _directories.CreateLogAsync(topicPartition, id, settings.Log, cancellationToken);
        if (creation.Error == ErrorCode.InconsistentTopicId)
        {
            // The name was given to a new topic, so the old one was deleted for certain.
            await _directories.DeleteLogAsync(topicPartition);
            creation = await _directories.CreateLogAsync(topicPartition, id, settings.Log, cancellationToken);
        }

        if (creation.Log is not { } log)
        {
            return (null, creation.Error);
        }

        log.Options = settings.Log;
        return (new Partition(_self, log, partition, settings), ErrorCode.None);
    }

    private static bool Has(MetadataImage image, PartitionLog log) =>
        image.Topics.TryFind(log.TopicPartition.Topic, out TopicImage? topic)
        && (log.TopicId == topic.Id || log.TopicId == TopicId.None)
        && topic.FindPartition(log.TopicPartition.Partition) is not null;

    private async ValueTask DeleteAsync(TopicImage topic)
    {
        if (!_byId.TryRemove(topic.Id, out TopicPartitions? partitions))
        {
            return;
        }

        _byName.TryRemove(new KeyValuePair<string, TopicPartitions>(topic.Name, partitions));
        foreach (Partition partition in partitions.Partitions)
        {
            partition.MarkDeleted();
        }

        ErrorCode error = await _directories.DeleteLogsAsync(partitions.Partitions.Select(static partition => partition.TopicPartition));
        if (error != ErrorCode.None)
        {
            ReplicationLog.LogsNotDeleted(_logger, topic.Name, error);
        }

        TopicDeleted?.Invoke(topic.Name);
    }

    private void Configure(MetadataDelta delta, MetadataImage image)
    {
        bool allTopics = false;
        foreach (ConfigResource resource in delta.ChangedConfigs)
        {
            if (resource.Type == ConfigResourceType.Broker)
            {
                allTopics = true;
            }
            else if (resource.Type == ConfigResourceType.Topic && FindTopic(resource.Name) is { } topic)
            {
                Configure(topic, image);
            }
        }

        if (allTopics)
        {
            foreach (TopicPartitions topic in Topics)
            {
                Configure(topic, image);
            }
        }
    }

    private void Configure(TopicPartitions topic, MetadataImage image)
    {
        TopicSettings settings = _settingsOf(image, topic.Name);
        foreach (Partition partition in topic.Partitions)
        {
            partition.Configure(settings);
        }
    }
}
