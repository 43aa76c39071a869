using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Files;
using Ottla.Storage.Indexes;

namespace Ottla.Storage.Segments;

/// <summary>
/// The two indexes of one segment in memory, and their files. One writer, readers without a lock (see <see cref="IndexEntries{T}"/>).
/// </summary>
internal sealed class SegmentIndexes
{
    private int _savedOffsets;
    private int _savedTimes;
    private int _bytesSinceLastEntry;
    private TimestampOffset _greatest = TimestampOffset.None;

    public SegmentIndexes()
        : this(new OffsetIndex(), new TimeIndex())
    {
    }

    private SegmentIndexes(OffsetIndex offsets, TimeIndex times)
    {
        Offsets = offsets;
        Times = times;
        _greatest = times.Last;
    }

    public OffsetIndex Offsets { get; }

    public TimeIndex Times { get; }

    /// <summary>The greatest timestamp so far and the batch that has it. Written under the log's lock.</summary>
    public TimestampOffset Greatest => _greatest;

    public int SizeInBytes => (Offsets.Count * OffsetIndex.EntrySizeInBytes) + (Times.Count * 16);

    /// <summary>Whether the files hold all entries, so that memory may forget them.</summary>
    public bool IsSaved => _savedOffsets == Offsets.Count && _savedTimes == Times.Count;

    /// <summary>Whether either index has reached <c>segment.index.bytes</c>; the time index keeps one place for its closing entry.</summary>
    public bool IsFull(int maxIndexBytes) =>
        Offsets.Count >= maxIndexBytes / OffsetIndex.EntrySizeInBytes || Times.Count >= (maxIndexBytes / TimeIndex.EntrySizeInBytes) - 1;

    /// <summary>Takes note of a batch at <paramref name="position"/>, with entries when enough log has passed since the last ones.</summary>
    public void Add(in RecordBatchHeader header, long segmentBaseOffset, int position, int indexIntervalBytes)
    {
        int relativeLastOffset = (int)(header.LastOffset - segmentBaseOffset);
        if (header.MaxTimestamp > _greatest.Timestamp)
        {
            _greatest = new TimestampOffset(header.MaxTimestamp, relativeLastOffset);
        }

        if (_bytesSinceLastEntry > indexIntervalBytes)
        {
            Offsets.Append(relativeLastOffset, position);
            Times.Append(_greatest);
            _bytesSinceLastEntry = 0;
        }

        _bytesSinceLastEntry += header.TotalSizeInBytes;
    }

    /// <summary>Adds the closing entry of the time index, from which later starts know the segment's greatest timestamp.</summary>
    public void Close() => Times.Append(_greatest);

    /// <summary>Where a scan has to begin to find what the entries do not tell of the segment's tail.</summary>
    public int LastIndexedPosition => Offsets.Last.Position;

    /// <summary>Takes note of a batch that a scan of the tail found, without adding entries.</summary>
    public void AddWithoutEntry(in RecordBatchHeader header, long segmentBaseOffset)
    {
        if (header.MaxTimestamp > _greatest.Timestamp)
        {
            _greatest = new TimestampOffset(header.MaxTimestamp, (int)(header.LastOffset - segmentBaseOffset));
        }

        _bytesSinceLastEntry += header.TotalSizeInBytes;
    }

    /// <summary>Writes the entries that the files lack. Runs on one thread at a time; entries may be added meanwhile.</summary>
    public void Save(IFileSystem files, string offsetPath, string timePath, bool sync)
    {
        int offsetCount = Offsets.Count;
        int timeCount = Times.Count;
        using (PooledBuffer bytes = PooledBuffer.Rent(Math.Max(offsetCount - _savedOffsets, 0) * OffsetIndex.EntrySizeInBytes))
        {
            Offsets.Write(bytes.Span, _savedOffsets, offsetCount);
            SaveTail(files, offsetPath, bytes.Span, (long)_savedOffsets * OffsetIndex.EntrySizeInBytes, sync);
        }

        using (PooledBuffer bytes = PooledBuffer.Rent(Math.Max(timeCount - _savedTimes, 0) * TimeIndex.EntrySizeInBytes))
        {
            Times.Write(bytes.Span, _savedTimes, timeCount);
            SaveTail(files, timePath, bytes.Span, (long)_savedTimes * TimeIndex.EntrySizeInBytes, sync);
        }

        _savedOffsets = offsetCount;
        _savedTimes = timeCount;
    }

    /// <summary>
    /// Reads both files; null when one is missing, or is no index of this log. A closed segment that holds records has at least one
    /// time entry, so an empty file there is as good as a missing one.
    /// </summary>
    public static SegmentIndexes? TryLoad(IFileSystem files, string offsetPath, string timePath, int logSizeInBytes, long relativeEnd)
    {
        byte[]? offsetBytes = AtomicFile.Read(files, offsetPath);
        byte[]? timeBytes = AtomicFile.Read(files, timePath);
        if (offsetBytes is null || timeBytes is null || (logSizeInBytes > 0 && timeBytes.Length == 0))
        {
            return null;
        }

        OffsetIndex? offsets = OffsetIndex.TryParse(offsetBytes, logSizeInBytes, relativeEnd);
        TimeIndex? times = TimeIndex.TryParse(timeBytes, relativeEnd);
        return offsets is null || times is null
            ? null
            : new SegmentIndexes(offsets, times) { _savedOffsets = offsets.Count, _savedTimes = times.Count };
    }

    private static void SaveTail(IFileSystem files, string path, ReadOnlySpan<byte> bytes, long position, bool sync)
    {
        using IFile file = files.Open(path, FileOpening.ReadWriteOrCreate);
        if (bytes.Length > 0)
        {
            file.Write(bytes, position);
        }

        if (file.Length != position + bytes.Length)
        {
            file.SetLength(position + bytes.Length);
        }

        if (sync)
        {
            file.Sync();
        }
    }
}
