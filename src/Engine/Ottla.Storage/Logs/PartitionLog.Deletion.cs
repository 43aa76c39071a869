using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Directories;
using Ottla.Storage.Files;
using Ottla.Storage.Producers;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <content>What takes records away: retention, DeleteRecords, truncation, and the end of the log.</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Moves the log's start to <paramref name="offset"/>, which is at most the high watermark: records below it can no longer be read.
    /// Whole segments below it are deleted by the next <see cref="DeleteOldSegments"/>.
    /// </summary>
    /// <returns><see cref="ErrorCode.OffsetOutOfRange"/> past the log's end; <see cref="ErrorCode.None"/> also below its start.</returns>
    public ErrorCode DeleteRecordsBefore(long offset)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return ErrorCode.KafkaStorageError;
            }

            if (offset > _logEndOffset)
            {
                return ErrorCode.OffsetOutOfRange;
            }

            MoveLogStart(offset);
            return ErrorCode.None;
        }
    }

    /// <summary>
    /// Deletes segments whose records are all below the log's start, and with <c>cleanup.policy=delete</c> those that are too old or too
    /// much. Nothing at or above the high watermark goes. May wait for the disk.
    /// </summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="highWatermark">The partition's high watermark.</param>
    /// <returns>How many segments were deleted.</returns>
    public int DeleteOldSegments(long now, long highWatermark)
    {
        lock (_flushLock)
        {
            try
            {
                LogSegment[] deleted = TakeDeletable(now, highWatermark);
                foreach (LogSegment segment in deleted)
                {
                    Directory.DeleteLater(segment.MarkDeleted(), Options.FileDeleteDelayMilliseconds);
                }

                if (deleted.Length > 0)
                {
                    _context.Logger.SegmentsDeleted(TopicPartition, deleted.Length, LogStartOffset);
                }

                return deleted.Length;
            }
            catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
            {
                Directory.ReportFailure(exception);
                return 0;
            }
        }
    }

    /// <summary>
    /// Takes the segments that are to go off the list. Counting them may read their time indexes, so it takes no lock; what was appended
    /// meanwhile is found under it.
    /// </summary>
    private LogSegment[] TakeDeletable(long now, long highWatermark)
    {
        int count = CountDeletable(now, highWatermark, out long endOffset);
        if (count == 0)
        {
            return [];
        }

        lock (_lock)
        {
            if (_isClosed)
            {
                return [];
            }

            if (!EndsAt(count, endOffset))
            {
                // The last of them was the active one, and has got records that nobody judged.
                count--;
            }

            if (count == _segments.Length && !TryRollForDeletion())
            {
                count--;
            }

            return count == 0 ? [] : TakeFirst(count);
        }
    }

    private bool EndsAt(int count, long endOffset) => endOffset == (count < _segments.Length ? _segments[count].BaseOffset : _logEndOffset);

    private LogSegment[] TakeFirst(int count)
    {
        LogSegment[] deleted = _segments[..count];
        Volatile.Write(ref _segments, _segments[count..]);
        MoveLogStart(_segments[0].BaseOffset);
        foreach (LogSegment segment in deleted)
        {
            _unsyncedSegments.Remove(segment);
        }

        return deleted;
    }

    /// <summary>
    /// Cuts the log so that it ends at <paramref name="offset"/>, or before it where the offset lies within a batch. Nothing happens when
    /// it ends earlier. Waits for the disk.
    /// </summary>
    /// <returns><see cref="ErrorCode.KafkaStorageError"/> when the disk failed.</returns>
    public ErrorCode TruncateTo(long offset)
    {
        lock (_flushLock)
        {
            lock (_lock)
            {
                if (offset >= _logEndOffset)
                {
                    return ErrorCode.None;
                }

                if (_isClosed || Directory.State == LogDirectoryState.Offline)
                {
                    return ErrorCode.KafkaStorageError;
                }

                try
                {
                    Truncate(Math.Max(offset, 0));
                    return ErrorCode.None;
                }
                catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
                {
                    // Memory and files may disagree now, so a lack of room is as bad as a broken disk.
                    Directory.TakeOffline(exception);
                    return ErrorCode.KafkaStorageError;
                }
            }
        }
    }

    /// <summary>
    /// Ends the log for good: appends are refused from here on. With <paramref name="save"/> all that a start would have to rebuild is
    /// written first; otherwise the caller is about to delete the files.
    /// </summary>
    internal void Close(bool save)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            _isDeleted = !save;
            if (save && Directory.State != LogDirectoryState.Offline)
            {
                TakeProducerSnapshot();
                ActiveSegment.TryGetIndexes()?.Close();
            }
        }

        if (save)
        {
            LogSegment active = ActiveSegment;
            TrySave(active.LogPath, active.ReturnReservedSpace);
            TrySave(active.PathOf(SegmentFileNames.OffsetIndex), () => active.SaveIndexes(sync: false));
            Flush(includeActive: true);
        }

        foreach (LogSegment segment in _segments)
        {
            segment.ReleaseResources();
        }
    }

    /// <summary>Follows a rename of the log's directory.</summary>
    internal void MoveTo(string path)
    {
        lock (_flushLock)
        {
            lock (_lock)
            {
                Path = path;
                _snapshots.Directory = path;
                foreach (LogSegment segment in _segments)
                {
                    segment.MoveTo(path);
                }
            }
        }
    }

    private int CountDeletable(long now, long highWatermark, out long countedEndOffset)
    {
        countedEndOffset = -1;
        LogSegment[] segments = Volatile.Read(ref _segments);
        LogOptions options = Options;
        long excess = options is { DeleteOldSegments: true, RetentionBytes: >= 0 } ? SizeInBytes - options.RetentionBytes : 0;
        int count = 0;
        for (; count < segments.Length; count++)
        {
            LogSegment segment = segments[count];
            bool isLast = count == segments.Length - 1;
            long endOffset = isLast ? LogEndOffset : segments[count + 1].BaseOffset;
            if (endOffset > highWatermark || segment.SizeInBytes == 0)
            {
                break;
            }

            bool isBeforeStart = !isLast && endOffset <= LogStartOffset;
            bool isTooMuch = excess >= segment.SizeInBytes && excess > 0;
            bool isTooOld = options is { DeleteOldSegments: true, RetentionMilliseconds: >= 0 }
                && now - NewestTimestampOf(segments, count) > options.RetentionMilliseconds;
            if (!isBeforeStart && !isTooMuch && !isTooOld)
            {
                break;
            }

            excess -= segment.SizeInBytes;
            countedEndOffset = endOffset;
        }

        return count;
    }

    private long NewestTimestampOf(LogSegment[] segments, int index)
    {
        long greatest = IndexesOf(segments, index).Greatest.Timestamp;
        return greatest >= 0 ? greatest : segments[index].CreatedAt;
    }

    /// <summary>All segments are to go: an empty one takes over, so that the log keeps its end.</summary>
    private bool TryRollForDeletion()
    {
        if (ActiveSegment.SizeInBytes == 0 || Directory.State != LogDirectoryState.Online)
        {
            return false;
        }

        Roll(_logEndOffset);
        return true;
    }

    private void MoveLogStart(long offset)
    {
        if (offset <= _logStartOffset)
        {
            return;
        }

        Volatile.Write(ref _logStartOffset, offset);
        SetEpochs(_epochs.TruncateFromStart(offset));
        if (_highWatermark < offset)
        {
            Volatile.Write(ref _highWatermark, offset);
        }

        Directory.RequestCheckpoint();
    }

    private void Truncate(long offset)
    {
        _context.Logger.LogTruncated(TopicPartition, offset);
        Volatile.Write(ref _lastRead, null);
        long end = offset;
        int keep = FindSegment(_segments, offset);
        if (keep < 0 || _segments[keep].BaseOffset == offset)
        {
            // Nothing of that segment stays: an empty one with this base takes its place.
            DropSegments(Math.Max(keep, 0));
            var empty = LogSegment.Create(_context.Files, _context.ClosedSegments, Path, offset, _context.Now, 0);
            Volatile.Write(ref _segments, [.. _segments, empty]);
        }
        else
        {
            DropSegments(keep + 1);
            end = CutActiveSegment(offset);
        }

        _context.Files.SyncDirectory(Path);
        Volatile.Write(ref _logEndOffset, end);
        Volatile.Write(ref _recoveryPoint, Math.Min(_recoveryPoint, end));
        Volatile.Write(ref _highWatermark, Math.Min(_highWatermark, end));
        Volatile.Write(ref _logStartOffset, Math.Min(_logStartOffset, end));
        SetEpochs(_epochs.TruncateFromEnd(end));
        ReloadProducers(end);
        Directory.RequestCheckpoint();
    }

    private void DropSegments(int from)
    {
        LogSegment[] dropped = _segments[from..];
        Volatile.Write(ref _segments, _segments[..from]);
        foreach (LogSegment segment in dropped)
        {
            _unsyncedSegments.Remove(segment);
            Directory.DeleteLater(segment.MarkDeleted(), _options.FileDeleteDelayMilliseconds);
        }
    }

    /// <summary>Cuts the last segment before the batch that holds the offset, and makes it active.</summary>
    private long CutActiveSegment(long offset)
    {
        LogSegment segment = ActiveSegment;
        _unsyncedSegments.Remove(segment);
        long position = 0;
        long end = segment.BaseOffset;
        SharedFile file = segment.AcquireFile();
        try
        {
            using var scanner = new BatchScanner(file.File, 0, segment.SizeInBytes, wholeBatches: false);
            while (scanner.MoveNext() && scanner.Header.LastOffset < offset)
            {
                position = scanner.NextPosition;
                end = scanner.Header.NextOffset;
            }
        }
        finally
        {
            file.Release();
        }

        segment.CutTo((int)position, _options.IndexIntervalBytes);
        return end;
    }

    private void ReloadProducers(long end)
    {
        _pendingSnapshots.RemoveAll(snapshot => snapshot.Offset > end);
        _snapshots.DeleteAfter(end);
        var producers = new ProducerStateTable();
        ProducerReplay.Run(_segments, _snapshots, producers, _logStartOffset, end);
        producers.RemoveExpired(_context.Now, _context.ProducerIdExpirationMilliseconds);
        _producers = producers.Count > 0 ? producers : null;
    }
}
