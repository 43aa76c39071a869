using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Directories;

/// <summary>
/// All log directories of a node and the logs in them. Opened once, stopped once; in between thread-safe.
/// </summary>
public sealed class LogDirectories : IAsyncDisposable
{
    private const int SyncQueueCapacity = 1_000_000;
    private const string LockFileName = ".lock";
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private readonly LogDirectoriesOptions _options;
    private readonly StorageContext _context;
    private readonly LogRemoval _removal;
    private readonly List<LogDirectory> _directories = [];
    private readonly List<DirectoryHousekeeping> _housekeeping = [];
    private readonly List<IDisposable> _locks = [];
    private readonly List<IDisposable> _threads = [];
    private PeriodicTimer? _timer;
    private Task _ticking = Task.CompletedTask;
    private bool _isStopped;

    private LogDirectories(LogDirectoriesOptions options)
    {
        _options = options;
        _context = new StorageContext
        {
            Files = options.Files,
            Clock = options.Clock,
            Logger = options.LoggerFactory.CreateLogger("Ottla.Storage"),
            Random = options.Random,
            ReadQueue = CreateQueue("ottla-read", options.ReadThreads, options.MaxQueuedReads),
            ClosedSegments = new ClosedSegmentCache(options.MaxOpenClosedSegments, options.MaxClosedIndexBytes),
            ProducerIdExpirationMilliseconds = options.ProducerIdExpirationMilliseconds,
        };
        _removal = new LogRemoval(_context, options.NewId);
    }

    /// <summary>The cluster that the directories belong to.</summary>
    public string ClusterId { get; private set; } = string.Empty;

    /// <summary>The directories, in the order of the options.</summary>
    public IReadOnlyList<LogDirectory> Directories => _directories;

    /// <summary>Whether all directories were stopped cleanly before this start.</summary>
    public bool WasCleanShutdown { get; private set; } = true;

    /// <summary>The broker epoch of the last clean stop, as all directories say; -1 when it was not clean or they differ.</summary>
    public long PreviousBrokerEpoch { get; private set; } = -1;

    /// <summary>All logs that can be used, in no order.</summary>
    public IEnumerable<PartitionLog> AllLogs
    {
        get
        {
            foreach (LogDirectory directory in _directories)
            {
                foreach ((_, PartitionLog log) in directory.Logs)
                {
                    yield return log;
                }
            }
        }
    }

    /// <summary>
    /// Locks the directories, checks that they belong to this cluster and node, and opens every log in them, recovering those that were
    /// not closed. A directory whose disk fails is offline; the others are used.
    /// </summary>
    /// <exception cref="LogDirectoryException">
    /// A directory is in use by another process, belongs to another cluster or node, or none can be used.
    /// </exception>
    public static async Task<LogDirectories> OpenAsync(LogDirectoriesOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directories = new LogDirectories(options);
        try
        {
            await directories.OpenDirectoriesAsync(cancellationToken);
            return directories;
        }
        catch
        {
            directories.ReleaseAll();
            throw;
        }
    }

    /// <summary>Starts the housekeeping: retention, checkpoints, delayed deletion.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _timer = new PeriodicTimer(TickInterval, _options.Clock);
        _ticking = TickAsync(_timer);
        return Task.CompletedTask;
    }

    /// <summary>The log of a partition; null when there is none that can be used.</summary>
    public PartitionLog? Find(TopicPartition topicPartition)
    {
        foreach (LogDirectory directory in _directories)
        {
            if (directory.Logs.TryGetValue(topicPartition, out PartitionLog? log))
            {
                return log;
            }
        }

        return null;
    }

    /// <summary>Makes a partition's log in the directory that has the fewest, or finds the one that stands.</summary>
    public ValueTask<LogCreation> CreateLogAsync(
        TopicPartition topicPartition, TopicId topicId, LogOptions options, CancellationToken cancellationToken) =>
        CreateLogAsync(topicPartition, topicId, options, preferred: null, cancellationToken);

    /// <summary>Makes a partition's log in the preferred directory, or finds the one that stands, wherever that is.</summary>
    public async ValueTask<LogCreation> CreateLogAsync(
        TopicPartition topicPartition, TopicId topicId, LogOptions options, LogDirectory? preferred, CancellationToken cancellationToken)
    {
        PartitionLog? existing = Find(topicPartition);
        if (existing is not null && existing.TopicId != TopicId.None)
        {
            return existing.TopicId == topicId ? new LogCreation(ErrorCode.None, existing) : new LogCreation(ErrorCode.InconsistentTopicId, null);
        }

        if ((existing?.Directory ?? preferred ?? FindDirectoryForNewLog()) is not { } directory)
        {
            return new LogCreation(ErrorCode.KafkaStorageError, null);
        }

        var creation = new LogCreationWork(_context, directory, topicPartition, topicId, options, _options.NewId);
        var work = new QueuedWork<LogCreation>(creation.Run, cancellationToken);
        return directory.SyncQueue.TryEnqueue(work) ? await work.Completion : new LogCreation(ErrorCode.KafkaStorageError, null);
    }

    /// <summary>
    /// Ends a partition's log: it is no longer found, its directory is renamed at once, and its files go after the log's
    /// <see cref="LogOptions.FileDeleteDelayMilliseconds"/>. Nothing happens when there is no such log.
    /// </summary>
    /// <returns><see cref="ErrorCode.KafkaStorageError"/> when the disk failed; the log is gone from memory all the same.</returns>
    public ValueTask<ErrorCode> DeleteLogAsync(TopicPartition topicPartition) => DeleteLogsAsync([topicPartition]);

    /// <summary>Deletes many logs as <see cref="DeleteLogAsync"/> does one, with one sync for all of a directory. The first error is returned.</summary>
    public ValueTask<ErrorCode> DeleteLogsAsync(IEnumerable<TopicPartition> topicPartitions) =>
        _removal.DeleteAsync(topicPartitions.Select(Find).OfType<PartitionLog>());

    /// <summary>
    /// Sets logs aside that belong to no topic, as Kafka does: they are no longer found, and their directories are renamed to
    /// <c>-stray</c> and kept until somebody deletes them by hand. The first error is returned.
    /// </summary>
    public ValueTask<ErrorCode> SetStraysAsideAsync(IEnumerable<PartitionLog> strays) => _removal.SetAsideAsync(strays);

    /// <summary>
    /// Closes all logs durably and marks the directories as cleanly stopped, so that the next start need not scan them. The caller has
    /// stopped all appends.
    /// </summary>
    /// <param name="brokerEpoch">The broker's epoch, for its next registration; -1 for none.</param>
    public async Task StopAsync(long brokerEpoch)
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        _timer?.Dispose();
        await _ticking;
        var closing = new List<Task>();
        foreach (LogDirectory directory in _directories)
        {
            var work = new QueuedWork<bool>(() => CloseDirectory(directory, brokerEpoch), CancellationToken.None);
            if (directory.SyncQueue.TryEnqueue(work))
            {
                closing.Add(work.Completion);
            }
        }

        await Task.WhenAll(closing);
        ReleaseAll();
    }

    /// <summary>Stops, when that was not done before.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(brokerEpoch: -1);

    private async Task OpenDirectoriesAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, MetaProperties?> found = LockAndIdentify(out List<(string Path, Exception Failure)> failed);
        if (found.Count == 0)
        {
            throw new LogDirectoryException(
                $"No log directory can be used: {string.Join("; ", failed.Select(failure => $"{failure.Path}: {failure.Failure.Message}"))}");
        }

        ClusterId = DirectoryIdentity.FindClusterId(_options, found);
        var epochs = new HashSet<long>();
        foreach (string path in _options.Paths)
        {
            LogDirectory directory;
            if (!found.TryGetValue(path, out MetaProperties? properties))
            {
                directory = AddDirectory(path, Guid.Empty);
                directory.TakeOffline(failed.First(failure => failure.Path == path).Failure);
                continue;
            }

            directory = AddDirectory(path, DirectoryIdentity.Complete(_options, path, ClusterId, properties));
            epochs.Add(await LoadAsync(directory, cancellationToken));
        }

        PreviousBrokerEpoch = epochs is { Count: 1 } ? epochs.First() : -1;
    }

    private Dictionary<string, MetaProperties?> LockAndIdentify(out List<(string Path, Exception Failure)> failed)
    {
        var found = new Dictionary<string, MetaProperties?>();
        failed = [];
        foreach (string path in _options.Paths)
        {
            try
            {
                _options.Files.CreateDirectory(path);
                IDisposable held = _options.Files.TryLock(Path.Combine(path, LockFileName))
                    ?? throw new LogDirectoryException($"{path} is in use by another process, which holds its {LockFileName} file.");
                _locks.Add(held);
                found.Add(path, DirectoryIdentity.Read(_options.Files, path));
            }
            catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
            {
                failed.Add((path, exception));
            }
        }

        return found;
    }

    private LogDirectory AddDirectory(string path, Guid directoryId)
    {
        IWorkQueue queue = CreateQueue($"ottla-sync-{_directories.Count}", threadCount: 1, SyncQueueCapacity);
        var directory = new LogDirectory(path, directoryId, _context, queue, _options.WhenOffline);
        _directories.Add(directory);
        _housekeeping.Add(new DirectoryHousekeeping(directory, _context, _options));
        return directory;
    }

    private async Task<long> LoadAsync(LogDirectory directory, CancellationToken cancellationToken)
    {
        IWorkQueue recovery = CreateQueue("ottla-recovery", _options.RecoveryThreads, int.MaxValue);
        try
        {
            DirectoryLoad load = await new DirectoryLoader(_context, _options, directory, recovery).LoadAsync(cancellationToken);
            WasCleanShutdown &= load.WasClean;
            return load.BrokerEpoch;
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            directory.Logs.Clear();
            directory.TakeOffline(exception);
            WasCleanShutdown = false;
            return -1;
        }
        finally
        {
            if (recovery is IDisposable threads)
            {
                _threads.Remove(threads);
                threads.Dispose();
            }
        }
    }

    private LogDirectory? FindDirectoryForNewLog()
    {
        LogDirectory? best = null;
        foreach (LogDirectory directory in _directories)
        {
            if (directory.State != LogDirectoryState.Offline && (best is null || IsBetter(directory, best)))
            {
                best = directory;
            }
        }

        return best;
    }

    private static bool IsBetter(LogDirectory candidate, LogDirectory best) =>
        candidate.State != best.State ? candidate.State == LogDirectoryState.Online : candidate.Logs.Count < best.Logs.Count;

    private bool CloseDirectory(LogDirectory directory, long brokerEpoch)
    {
        foreach ((_, PartitionLog log) in directory.Logs)
        {
            log.Close(save: true);
        }

        return directory.TryWriteCheckpoints()
            && directory.TryChange(() => CleanShutdownFile.Write(_context.Files, directory.Path, brokerEpoch));
    }

    private async Task TickAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            foreach (DirectoryHousekeeping housekeeping in _housekeeping)
            {
                housekeeping.Tick();
            }
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The threads are kept in a list and ended by ReleaseAll.")]
    private IWorkQueue CreateQueue(string name, int threadCount, int capacity)
    {
        if (_options.QueueFactory is { } factory)
        {
            return factory(name, threadCount, capacity);
        }

        var threads = new WorkThreads(name, threadCount, capacity);
        threads.Start();
        _threads.Add(threads);
        return threads;
    }

    /// <summary>Gives up threads and locks without closing a log, as the end of the process does.</summary>
    internal void ReleaseAll()
    {
        foreach (IDisposable resource in (IEnumerable<IDisposable>)[.. _threads, .. _locks])
        {
            resource.Dispose();
        }

        _threads.Clear();
        _locks.Clear();
    }
}
