using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Directories;

/// <summary>
/// One of <c>log.dirs</c>: its identity, its state, and the thread that syncs its files. Thread-safe.
/// </summary>
public sealed class LogDirectory
{
    private const long ProbeMilliseconds = 500;
    private readonly StorageContext _context;
    private readonly Action<LogDirectory, Exception>? _whenOffline;
    private readonly CheckpointWork _checkpoint;
    private int _state;
    private long _nextProbe;
    private int _isCheckpointQueued;

    internal LogDirectory(string path, Guid directoryId, StorageContext context, IWorkQueue syncQueue, Action<LogDirectory, Exception>? whenOffline)
    {
        Path = path;
        DirectoryId = directoryId;
        SyncQueue = syncQueue;
        _context = context;
        _whenOffline = whenOffline;
        _checkpoint = new CheckpointWork(this);
        Trash = new DeletedFiles(context);
    }

    /// <summary>The directory's absolute path.</summary>
    public string Path { get; }

    /// <summary>The id in <c>meta.properties</c> (KIP-858).</summary>
    public Guid DirectoryId { get; }

    /// <summary>Whether it can be used.</summary>
    public LogDirectoryState State => (LogDirectoryState)Volatile.Read(ref _state);

    /// <summary>The size and the free bytes of the volume; null when it cannot tell.</summary>
    public VolumeSpace? Space
    {
        get
        {
            try
            {
                return State == LogDirectoryState.Offline ? null : _context.Files.GetSpace(Path);
            }
            catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
            {
                return null;
            }
        }
    }

    /// <summary>One thread, so that what waits for a sync at the same time shares it, and writers of small files never meet.</summary>
    internal IWorkQueue SyncQueue { get; }

    /// <summary>The logs in this directory.</summary>
    internal ConcurrentDictionary<TopicPartition, PartitionLog> Logs { get; } = new();

    /// <summary>Files and directories that are deleted when their delay is over.</summary>
    internal DeletedFiles Trash { get; }

    /// <summary>Deletes files when the delay is over, so that readers who hold them can finish.</summary>
    internal void DeleteLater(IEnumerable<string> paths, long delayMilliseconds) => Trash.Add(paths, delayMilliseconds);

    /// <summary>Has the offset checkpoints written soon; requests until then are one.</summary>
    internal void RequestCheckpoint()
    {
        if (Interlocked.Exchange(ref _isCheckpointQueued, 1) == 0 && !SyncQueue.TryEnqueue(_checkpoint))
        {
            // The queue is closed: the stop writes them last of all.
            Volatile.Write(ref _isCheckpointQueued, 0);
        }
    }

    /// <summary>Writes the offset checkpoints. On the directory's thread.</summary>
    internal bool TryWriteCheckpoints()
    {
        if (State == LogDirectoryState.Offline)
        {
            return false;
        }

        try
        {
            DirectoryCheckpoints.Write(_context.Files, Path, Logs.Values);
            return true;
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            _context.Logger.WriteFailed(Path, exception.Message);
            ReportFailure(exception);
            return false;
        }
    }

    /// <summary>
    /// Whether an append may be tried. In a full directory one try each half second probes whether there is room again; the others are
    /// refused without touching the disk.
    /// </summary>
    internal bool AdmitsAppend()
    {
        switch (State)
        {
            case LogDirectoryState.Online:
                return true;
            case LogDirectoryState.Offline:
                return false;
            default:
                long now = MonotonicMilliseconds;
                long next = Volatile.Read(ref _nextProbe);
                return now >= next && Interlocked.CompareExchange(ref _nextProbe, now + ProbeMilliseconds, next) == next;
        }
    }

    /// <summary>A write succeeded: there is room.</summary>
    internal void ReportWritten()
    {
        if (Volatile.Read(ref _state) == (int)LogDirectoryState.Full
            && Interlocked.CompareExchange(ref _state, (int)LogDirectoryState.Online, (int)LogDirectoryState.Full) == (int)LogDirectoryState.Full)
        {
            _context.Logger.DirectoryHasRoom(Path);
        }
    }

    /// <summary>A file operation failed. Only a lack of room is forgiven.</summary>
    internal void ReportFailure(Exception exception)
    {
        if (DiskFaults.Classify(exception) == DiskFault.Full)
        {
            Volatile.Write(ref _nextProbe, MonotonicMilliseconds + ProbeMilliseconds);
            if (Interlocked.CompareExchange(ref _state, (int)LogDirectoryState.Full, (int)LogDirectoryState.Online) == (int)LogDirectoryState.Online)
            {
                _context.Logger.DirectoryFull(Path, exception);
            }
        }
        else
        {
            TakeOffline(exception);
        }
    }

    /// <summary>Does something to the directory's files; false when that failed, which is reported.</summary>
    internal bool TryChange(Action change)
    {
        try
        {
            change();
            return true;
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            ReportFailure(exception);
            return false;
        }
    }

    /// <summary>
    /// Gives the directory up for good. A failed sync leads here whatever its error: the kernel may have dropped the bytes and would
    /// report success next time.
    /// </summary>
    internal void TakeOffline(Exception exception)
    {
        if (Interlocked.Exchange(ref _state, (int)LogDirectoryState.Offline) != (int)LogDirectoryState.Offline)
        {
            _context.Logger.DirectoryOffline(Path, exception.Message, exception);
            _whenOffline?.Invoke(this, exception);
        }
    }

    private long MonotonicMilliseconds => _context.Clock.GetTimestamp() / Math.Max(1, _context.Clock.TimestampFrequency / 1000);

    private sealed class CheckpointWork(LogDirectory directory) : IWorkItem
    {
        public void Run()
        {
            Volatile.Write(ref directory._isCheckpointQueued, 0);
            directory.TryWriteCheckpoints();
        }
    }
}
