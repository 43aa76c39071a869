using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Directories;
using Ottla.Storage.Files;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <content>Durability: the recovery point moves only after a sync that succeeded.</content>
public sealed partial class PartitionLog
{
    // Held during a flush, before _lock, so that no truncation pulls away what is being synced.
    private readonly Lock _flushLock = new();
    private readonly List<LogSegment> _unsyncedSegments;
    private readonly List<(long Offset, byte[] Bytes)> _pendingSnapshots = [];
    private readonly List<FlushWaiter> _flushWaiters = [];
    private FlushWork? _flushWork;
    private bool _isFlushQueued;
    private bool _mustFlushActive;
    private bool _hasNewFiles;
    private long _lastFlush; // milliseconds since 1970

    /// <summary>
    /// Waits until all that is appended now is durable. Callers that wait at the same time share one sync.
    /// </summary>
    /// <returns><see cref="ErrorCode.None"/>, or <see cref="ErrorCode.KafkaStorageError"/> when the sync failed and the directory is offline.</returns>
    public ValueTask<ErrorCode> FlushAsync()
    {
        FlushWaiter waiter;
        lock (_lock)
        {
            if (_recoveryPoint >= _logEndOffset)
            {
                return ValueTask.FromResult(ErrorCode.None);
            }

            waiter = new FlushWaiter(_logEndOffset);
            _flushWaiters.Add(waiter);
            RequestFlush(includeActive: true);
        }

        return new ValueTask<ErrorCode>(waiter.Completion);
    }

    /// <summary>Whether records have waited for a sync longer than <c>flush.ms</c>.</summary>
    internal bool IsFlushDue(long now) =>
        Options.FlushMilliseconds != long.MaxValue && RecoveryPoint < LogEndOffset && now - Volatile.Read(ref _lastFlush) >= Options.FlushMilliseconds;

    /// <summary>Queues one flush; those asked for until it begins are the same one. Under the lock.</summary>
    private void RequestFlush(bool includeActive)
    {
        _mustFlushActive |= includeActive;
        if (_isFlushQueued)
        {
            return;
        }

        _flushWork ??= new FlushWork(this);
        _isFlushQueued = true;
        if (!Directory.SyncQueue.TryEnqueue(_flushWork))
        {
            _isFlushQueued = false;
            // The directory is closing, or so far behind that waiting is pointless: nobody may believe that this was synced.
            FailFlushWaiters();
        }
    }

    /// <summary>Syncs what is not synced and moves the recovery point. On the directory's thread, or at a stop.</summary>
    internal void Flush(bool includeActive)
    {
        lock (_flushLock)
        {
            FlushPlan plan = BeginFlush(includeActive);
            bool isUsable = !Volatile.Read(ref _isDeleted) && Directory.State != LogDirectoryState.Offline;
            EndFlush(plan, isUsable && TrySync(plan));
        }
    }

    private FlushPlan BeginFlush(bool includeActive)
    {
        lock (_lock)
        {
            bool withActive = includeActive || _mustFlushActive;
            var plan = new FlushPlan
            {
                TargetOffset = withActive ? _logEndOffset : ActiveSegment.BaseOffset,
                Closed = [.. _unsyncedSegments],
                Active = withActive && !ActiveSegment.IsSynced ? ActiveSegment : null,
                Snapshots = [.. _pendingSnapshots],
                Epochs = _areEpochsSaved ? null : _epochs,
                HasNewFiles = _hasNewFiles,
            };
            _isFlushQueued = false;
            _mustFlushActive = false;
            _unsyncedSegments.Clear();
            _pendingSnapshots.Clear();
            _hasNewFiles = false;
            _areEpochsSaved = true;
            if (plan.Active is { } active)
            {
                // Whatever is appended from here on clears it again.
                active.IsSynced = true;
            }

            return plan;
        }
    }

    private bool TrySync(FlushPlan plan)
    {
        try
        {
            foreach (LogSegment segment in plan.Closed)
            {
                segment.ReturnReservedSpace();
                segment.Sync();
            }

            plan.Active?.Sync();
            if (plan.HasNewFiles)
            {
                _context.Files.SyncDirectory(Path);
            }
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            Directory.TakeOffline(exception);
            return false;
        }

        SaveDerivedFiles(plan);
        return true;
    }

    /// <summary>
    /// Writes what can be rebuilt from the log. A failure costs time at the next start, so a lack of room is no reason to doubt the sync.
    /// </summary>
    private void SaveDerivedFiles(FlushPlan plan)
    {
        foreach (LogSegment segment in plan.Closed)
        {
            TrySave(segment.PathOf(SegmentFileNames.OffsetIndex), () => segment.SaveIndexes(sync: false));
        }

        if (plan.Active is { } active)
        {
            TrySave(active.PathOf(SegmentFileNames.OffsetIndex), () => active.SaveIndexes(sync: false));
        }

        foreach ((long offset, byte[] bytes) in plan.Snapshots)
        {
            TrySave($"producer snapshot {offset} of {TopicPartition}", () => _snapshots.Write(offset, bytes));
        }

        bool areEpochsSaved = plan.Epochs is not { } epochs
            || TrySave(System.IO.Path.Combine(Path, LeaderEpochCheckpoint.FileName), () => LeaderEpochCheckpoint.Write(_context.Files, Path, epochs.Entries));
        List<string> superfluous;
        lock (_lock)
        {
            _areEpochsSaved &= areEpochsSaved;
            superfluous = _snapshots.TakeSuperfluous();
        }

        foreach (string path in superfluous)
        {
            TrySave(path, () => _context.Files.DeleteFile(path));
        }
    }

    private bool TrySave(string name, Action save)
    {
        try
        {
            save();
            return true;
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            _context.Logger.WriteFailed(name, exception.Message);
            Directory.ReportFailure(exception);
            return false;
        }
    }

    private void EndFlush(FlushPlan plan, bool isSynced)
    {
        lock (_lock)
        {
            Volatile.Write(ref _lastFlush, _context.Now);
            if (!isSynced)
            {
                FailFlushWaiters();
                return;
            }

            foreach (LogSegment segment in plan.Closed)
            {
                segment.IsSynced = true;
            }

            if (plan.TargetOffset > _recoveryPoint)
            {
                Volatile.Write(ref _recoveryPoint, plan.TargetOffset);
            }

            for (int index = _flushWaiters.Count - 1; index >= 0; index--)
            {
                if (_flushWaiters[index].TargetOffset <= plan.TargetOffset)
                {
                    _flushWaiters[index].Complete(ErrorCode.None);
                    _flushWaiters.RemoveAt(index);
                }
            }
        }
    }

    private void FailFlushWaiters()
    {
        foreach (FlushWaiter waiter in _flushWaiters)
        {
            waiter.Complete(ErrorCode.KafkaStorageError);
        }

        _flushWaiters.Clear();
    }

    private sealed class FlushWork(PartitionLog log) : IWorkItem
    {
        public void Run() => log.Flush(includeActive: false);
    }
}
