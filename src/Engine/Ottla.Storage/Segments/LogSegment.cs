using Ottla.Records;
using Ottla.Storage.Files;
using Ottla.Storage.Indexes;

namespace Ottla.Storage.Segments;

/// <summary>
/// Hop 8: a range of a log in one <c>.log</c> file with its indexes. The last segment of a log is active: its file stays open, its
/// indexes grow in memory. A closed one opens its file and reads its indexes when it is asked, and gives them up under
/// <see cref="ClosedSegmentCache"/>. Appends run under the log's lock; readers take none.
/// </summary>
internal sealed class LogSegment
{
    private readonly Lock _openLock = new(); // guards opening and giving up of _file and _indexes of a closed segment
    private readonly IFileSystem _files;
    private readonly ClosedSegmentCache _cache;
    private string _directory;
    private SharedFile? _file;
    private SegmentIndexes? _indexes;
    private int _sizeInBytes;
    private bool _hasReservedSpace;

    private LogSegment(IFileSystem files, ClosedSegmentCache cache, string directory, long baseOffset)
    {
        _files = files;
        _cache = cache;
        _directory = directory;
        BaseOffset = baseOffset;
    }

    public long BaseOffset { get; }

    /// <summary>How much of the file is whole batches; readers go no further.</summary>
    public int SizeInBytes => Volatile.Read(ref _sizeInBytes);

    public bool IsActive { get; private set; }

    /// <summary>When the segment was made or opened, in milliseconds since 1970: its age while it holds no timestamp.</summary>
    public long CreatedAt { get; private init; }

    /// <summary>The timestamp of the first batch, by which <c>segment.ms</c> counts; null until known, -1 when the batch has none.</summary>
    public long? FirstTimestamp { get; set; }

    /// <summary>Whether the file's bytes were synced after the last of them was written. Written under the log's lock.</summary>
    public bool IsSynced { get; set; }

    /// <summary>The part of the cache's index bytes that this segment has; guarded by the cache.</summary>
    public int CachedIndexBytes { get; set; }

    public int IndexBytesInMemory => Volatile.Read(ref _indexes)?.SizeInBytes ?? 0;

    public string LogPath => PathOf(SegmentFileNames.Log);

    /// <summary>Makes a new active segment; a file of its name is emptied.</summary>
    public static LogSegment Create(
        IFileSystem files, ClosedSegmentCache cache, string directory, long baseOffset, long now, long preallocatedBytes)
    {
        var segment = new LogSegment(files, cache, directory, baseOffset) { CreatedAt = now, IsActive = true, _indexes = new SegmentIndexes() };
        files.DeleteFile(segment.PathOf(SegmentFileNames.OffsetIndex));
        files.DeleteFile(segment.PathOf(SegmentFileNames.TimeIndex));
        segment._file = new SharedFile(files.Open(segment.LogPath, FileOpening.CreateEmpty, preallocatedBytes));
        segment._hasReservedSpace = preallocatedBytes > 0;
        return segment;
    }

    /// <summary>A segment that stands on disk, opened when it is asked.</summary>
    public static LogSegment Existing(
        IFileSystem files, ClosedSegmentCache cache, string directory, long baseOffset, int sizeInBytes, long now) =>
        new(files, cache, directory, baseOffset) { _sizeInBytes = sizeInBytes, CreatedAt = now, IsSynced = true };

    public string PathOf(string suffix) => Path.Combine(_directory, SegmentFileNames.For(BaseOffset, suffix));

    /// <summary>Follows a rename of the log's directory.</summary>
    public void MoveTo(string directory) => _directory = directory;

    /// <summary>
    /// Appends a batch whose offsets are set. On failure the file is cut back to whole batches and the exception goes on; when even
    /// that fails, <paramref name="isCut"/> is false and the file must not be appended to again.
    /// </summary>
    public void Append(ReadOnlySpan<byte> batch, in RecordBatchHeader header, int indexIntervalBytes, ref bool isCut)
    {
        int position = _sizeInBytes;
        isCut = false;
        IFile file = ActiveFile;
        try
        {
            file.Write(batch, position);
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            isCut = TryCut(file, position);
            throw;
        }

        isCut = true;
        FirstTimestamp ??= header.MaxTimestamp;
        ActiveIndexes.Add(in header, BaseOffset, position, indexIntervalBytes);
        IsSynced = false;
        Volatile.Write(ref _sizeInBytes, position + batch.Length);
    }

    /// <summary>The file, kept open until the caller releases it.</summary>
    public SharedFile AcquireFile()
    {
        while (true)
        {
            SharedFile? file = Volatile.Read(ref _file);
            if (file is not null && file.TryAcquire())
            {
                return file;
            }

            lock (_openLock)
            {
                if (_file is null)
                {
                    _file = new SharedFile(_files.Open(LogPath, IsActive ? FileOpening.ReadWrite : FileOpening.Read));
                }
            }

            TouchCache();
        }
    }

    /// <summary>The indexes if they are in memory; a closed segment's may have to be read.</summary>
    public SegmentIndexes? TryGetIndexes()
    {
        SegmentIndexes? indexes = Volatile.Read(ref _indexes);
        if (indexes is not null && !IsActive)
        {
            TouchCache();
        }

        return indexes;
    }

    /// <summary>The indexes, read from their files or, when those are missing or wrong, rebuilt from the log. May wait for the disk.</summary>
    /// <param name="endOffset">The offset after the segment's last one, or the next segment's base offset.</param>
    /// <param name="indexIntervalBytes"><c>index.interval.bytes</c>, for rebuilding.</param>
    public SegmentIndexes LoadIndexes(long endOffset, int indexIntervalBytes)
    {
        SegmentIndexes? indexes = TryGetIndexes();
        if (indexes is not null)
        {
            return indexes;
        }

        lock (_openLock)
        {
            indexes = _indexes ?? SegmentIndexes.TryLoad(
                _files, PathOf(SegmentFileNames.OffsetIndex), PathOf(SegmentFileNames.TimeIndex), _sizeInBytes, endOffset - BaseOffset);
        }

        if (indexes is null || !EndsAsIndexed(indexes))
        {
            return RebuildIndexes(indexIntervalBytes);
        }

        Volatile.Write(ref _indexes, indexes);
        return Touched(indexes);
    }

    /// <summary>
    /// Whether the last entry points to the batch that it names, and what follows it holds no later timestamp than the time index
    /// says: indexes of another file, or an old copy of these, are found out here.
    /// </summary>
    private bool EndsAsIndexed(SegmentIndexes indexes)
    {
        SharedFile file = AcquireFile();
        try
        {
            using var scanner = new BatchScanner(file.File, indexes.LastIndexedPosition, _sizeInBytes, wholeBatches: false);
            bool isFirst = indexes.Offsets.Count > 0;
            while (scanner.MoveNext())
            {
                if ((isFirst && scanner.Header.LastOffset - BaseOffset != indexes.Offsets.Last.RelativeOffset)
                    || scanner.Header.MaxTimestamp > indexes.Times.Last.Timestamp)
                {
                    return false;
                }

                isFirst = false;
            }

            return scanner.NextPosition == _sizeInBytes;
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>Replaces the indexes by what a scan of the log finds, in memory and on disk.</summary>
    public SegmentIndexes RebuildIndexes(int indexIntervalBytes)
    {
        var indexes = new SegmentIndexes();
        SharedFile file = AcquireFile();
        try
        {
            using var scanner = new BatchScanner(file.File, 0, _sizeInBytes, wholeBatches: false);
            while (scanner.MoveNext())
            {
                indexes.Add(in scanner.Header, BaseOffset, (int)scanner.Position, indexIntervalBytes);
            }
        }
        finally
        {
            file.Release();
        }

        if (!IsActive)
        {
            indexes.Close();
        }

        lock (_openLock)
        {
            Volatile.Write(ref _indexes, indexes);
            if (!IsActive)
            {
                SaveIfThereIsRoom(indexes);
            }
        }

        return Touched(indexes);
    }

    /// <summary>Makes an existing segment the active one, with indexes that a scan completed.</summary>
    public void Activate(SegmentIndexes indexes, int sizeInBytes)
    {
        lock (_openLock)
        {
            _file?.Release();
            _file = new SharedFile(_files.Open(LogPath, FileOpening.ReadWrite));
            IsActive = true;
            Volatile.Write(ref _sizeInBytes, sizeInBytes);
            Volatile.Write(ref _indexes, indexes);
        }

        _cache.Remove(this);
    }

    /// <summary>Takes over what a recovery scan found; bytes after the valid ones are cut off. Nothing of it counts as synced.</summary>
    public void AdoptRecovered(SegmentIndexes indexes, int validBytes, bool isActive)
    {
        if (validBytes < _sizeInBytes)
        {
            using IFile file = _files.Open(LogPath, FileOpening.ReadWrite);
            file.SetLength(validBytes);
        }

        if (isActive)
        {
            Activate(indexes, validBytes);
        }
        else
        {
            indexes.Close();
            SaveIfThereIsRoom(indexes);
            Volatile.Write(ref _indexes, indexes);
            TouchCache();
        }

        IsSynced = false;
    }

    /// <summary>Ends the appends to an active segment: another one follows.</summary>
    public void Close()
    {
        ActiveIndexes.Close();
        IsActive = false;
        TouchCache();
    }

    /// <summary>Writes index entries that are not in the files yet.</summary>
    public void SaveIndexes(bool sync) =>
        Volatile.Read(ref _indexes)?.Save(_files, PathOf(SegmentFileNames.OffsetIndex), PathOf(SegmentFileNames.TimeIndex), sync);

    /// <summary>Gives back what <c>preallocate</c> reserved past the end: cutting a file to the length that it has does it.</summary>
    public void ReturnReservedSpace()
    {
        if (_hasReservedSpace)
        {
            using IFile file = _files.Open(LogPath, FileOpening.ReadWrite);
            file.SetLength(_sizeInBytes);
            _hasReservedSpace = false;
        }
    }

    /// <summary>Syncs the log's bytes.</summary>
    public void Sync()
    {
        SharedFile file = AcquireFile();
        try
        {
            file.File.Sync();
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>Cuts the segment at a batch boundary and makes it the active one. Waits for the disk.</summary>
    public void CutTo(int position, int indexIntervalBytes)
    {
        Volatile.Write(ref _sizeInBytes, position);
        using (IFile file = _files.Open(LogPath, FileOpening.ReadWrite))
        {
            file.SetLength(position);
        }

        _files.DeleteFile(PathOf(SegmentFileNames.OffsetIndex));
        _files.DeleteFile(PathOf(SegmentFileNames.TimeIndex));
        IsActive = true;
        Activate(RebuildIndexes(indexIntervalBytes), position);
        IsSynced = false;
        FirstTimestamp = position == 0 ? null : FirstTimestamp;
    }

    /// <summary>Closes the file and drops the indexes from memory; the segment opens them again when asked.</summary>
    public void ReleaseResources()
    {
        lock (_openLock)
        {
            _file?.Release();
            Volatile.Write(ref _file, null);
            if (_indexes is { IsSaved: true } && !IsActive)
            {
                Volatile.Write(ref _indexes, null);
            }
        }
    }

    /// <summary>Renames the files so that no start takes them for a part of the log; they are deleted later.</summary>
    /// <returns>The new paths.</returns>
    public IEnumerable<string> MarkDeleted()
    {
        _cache.Remove(this);
        ReleaseResources();
        var marked = new List<string>(4);
        foreach (string suffix in (ReadOnlySpan<string>)
            [SegmentFileNames.Log, SegmentFileNames.OffsetIndex, SegmentFileNames.TimeIndex, SegmentFileNames.TransactionIndex])
        {
            string path = PathOf(suffix);
            if (_files.FileExists(path))
            {
                _files.MoveFile(path, path + SegmentFileNames.Deleted);
                marked.Add(path + SegmentFileNames.Deleted);
            }
        }

        return marked;
    }

    /// <summary>On a full disk the indexes stay in memory until the end, and are rebuilt at the next start.</summary>
    private void SaveIfThereIsRoom(SegmentIndexes indexes)
    {
        try
        {
            indexes.Save(_files, PathOf(SegmentFileNames.OffsetIndex), PathOf(SegmentFileNames.TimeIndex), sync: false);
        }
        catch (IOException exception) when (DiskFaults.Classify(exception) == DiskFault.Full)
        {
            // They are only a cache of the log, which is whole: no reason to refuse it.
        }
    }

    private IFile ActiveFile => _file?.File ?? throw new InvalidOperationException($"{LogPath} is not open for appends.");

    private SegmentIndexes ActiveIndexes => _indexes ?? throw new InvalidOperationException($"{LogPath} has no indexes in memory.");

    private static bool TryCut(IFile file, int length)
    {
        try
        {
            file.SetLength(length);
            return true;
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            return false;
        }
    }

    private SegmentIndexes Touched(SegmentIndexes indexes)
    {
        TouchCache();
        return indexes;
    }

    private void TouchCache()
    {
        if (!IsActive)
        {
            _cache.Touch(this);
        }
    }
}
