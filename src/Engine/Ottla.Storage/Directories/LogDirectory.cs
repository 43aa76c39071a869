using Ottla.Storage.Files;

namespace Ottla.Storage.Directories;

/// <summary>
/// One of <c>log.dirs</c>: its identity, its state, and the thread that syncs its files. Thread-safe.
/// </summary>
public sealed class LogDirectory
{
    private const long ProbeMilliseconds = 500;
    private readonly StorageContext _context;
    private readonly Action<LogDirectory, Exception>? _whenOffline;
    private int _state;
    private long _nextProbe;

    internal LogDirectory(string path, Guid directoryId, StorageContext context, IWorkQueue syncQueue, Action<LogDirectory, Exception>? whenOffline)
    {
        Path = path;
        DirectoryId = directoryId;
        SyncQueue = syncQueue;
        _context = context;
        _whenOffline = whenOffline;
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
}
