using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Directories;

/// <summary>
/// What a log directory does from time to time, on its own thread: delete files that are due, sync logs by <c>flush.ms</c>, write
/// checkpoints, apply retention, forget silent producers. One tick a second serves all logs: no log has a timer.
/// </summary>
internal sealed class DirectoryHousekeeping : IWorkItem
{
    private readonly LogDirectory _directory;
    private readonly StorageContext _context;
    private readonly LogDirectoriesOptions _options;
    private long _lastCheckpoint;
    private long _lastRetention;
    private long _lastExpiration;
    private int _isQueued;

    public DirectoryHousekeeping(LogDirectory directory, StorageContext context, LogDirectoriesOptions options)
    {
        _directory = directory;
        _context = context;
        _options = options;
        _lastCheckpoint = _lastRetention = _lastExpiration = context.Clock.GetTimestamp();
    }

    /// <summary>Queues one round, unless one is waiting already.</summary>
    public void Tick()
    {
        if (Interlocked.Exchange(ref _isQueued, 1) == 0 && !_directory.SyncQueue.TryEnqueue(this))
        {
            Volatile.Write(ref _isQueued, 0);
        }
    }

    public void Run()
    {
        Volatile.Write(ref _isQueued, 0);
        if (_directory.State == LogDirectoryState.Offline)
        {
            return;
        }

        _directory.Trash.DeleteDue();
        long now = _context.Now;
        bool checksRetention = IsDue(ref _lastRetention, _options.RetentionCheckInterval);
        bool checksProducers = IsDue(ref _lastExpiration, _options.ProducerIdExpirationCheckInterval);
        foreach ((_, PartitionLog log) in _directory.Logs)
        {
            if (log.IsFlushDue(now))
            {
                log.Flush(includeActive: true);
            }

            if (checksRetention)
            {
                log.DeleteOldSegments(now, log.HighWatermark);
            }

            if (checksProducers)
            {
                log.RemoveExpiredProducers(now);
            }
        }

        if (IsDue(ref _lastCheckpoint, _options.CheckpointInterval))
        {
            _directory.TryWriteCheckpoints();
        }
    }

    private bool IsDue(ref long last, TimeSpan interval)
    {
        if (_context.Clock.GetElapsedTime(last) < interval)
        {
            return false;
        }

        last = _context.Clock.GetTimestamp();
        return true;
    }
}
