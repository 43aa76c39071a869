using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Files;
using Ottla.Storage.Indexes;
using Ottla.Storage.Producers;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <summary>
/// Opens a log's directory. After a clean stop only the tail of the active segment is walked. Otherwise every segment from the recovery
/// point on is read batch by batch with its checksums, cut at the first thing that is no whole batch, and what is derived from the log
/// is built anew. Segments before it are not opened at all. Waits for the disk; one instance loads one log.
/// </summary>
internal sealed class LogLoader
{
    private readonly StorageContext _context;
    private readonly LogLoadRequest _request;
    private readonly List<LogSegment> _segments = [];
    private readonly ProducerStateTable _producers = new();
    private ProducerSnapshotStore _snapshots;
    private LeaderEpochCache _epochs = LeaderEpochCache.Empty;
    private bool _areEpochsSaved;
    private long _endOffset;

    private LogLoader(StorageContext context, LogLoadRequest request)
    {
        _context = context;
        _request = request;
        _snapshots = new ProducerSnapshotStore(context.Files, context.Logger, request.Path, []);
    }

    /// <summary>Opens the log.</summary>
    /// <exception cref="InvalidDataException">The log is in a format that cannot be read here; nothing was changed.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static LoadedLog Load(StorageContext context, LogLoadRequest request) => new LogLoader(context, request).Load();

    private LoadedLog Load()
    {
        ListSegments(LogFilesCleanup.Run(_context.Files, _request.Path));
        long startOffset = Math.Max(_request.LogStartOffset ?? 0, _segments.Count > 0 ? _segments[0].BaseOffset : 0);
        long recoveryPoint = _request.RecoveryPoint;
        bool knowsEpochs = TryLoadEpochs();
        int firstScanned = _request.IsClean ? _segments.Count : FindFirstUnsynced(recoveryPoint);
        if (_request.IsClean && !TryActivateLast())
        {
            firstScanned = _segments.Count - 1;
        }

        if (firstScanned < _segments.Count)
        {
            Recover(firstScanned, startOffset);
        }
        else
        {
            ProducerReplay.Run(_segments, _snapshots, _producers, startOffset, _endOffset);
        }

        if (_segments.Count == 0 || _endOffset < startOffset)
        {
            StartEmpty(Math.Max(startOffset, _segments.Count == 0 ? recoveryPoint : 0));
        }

        FinishEpochs(knowsEpochs, startOffset);
        _snapshots.DeleteAfter(_endOffset);
        _producers.RemoveExpired(_context.Now, _context.ProducerIdExpirationMilliseconds);
        return new LoadedLog
        {
            TopicPartition = _request.TopicPartition,
            TopicId = ReadTopicId(),
            Path = _request.Path,
            Options = _request.Options,
            Segments = _segments,
            Epochs = _epochs,
            AreEpochsSaved = _areEpochsSaved,
            Producers = _producers,
            Snapshots = _snapshots,
            LogStartOffset = Math.Max(startOffset, _segments[0].BaseOffset),
            LogEndOffset = _endOffset,
            RecoveryPoint = _request.IsClean ? _endOffset : Math.Min(recoveryPoint, _endOffset),
            HasLostDurableRecords = _endOffset < _request.RecoveryPoint,
            HighWatermark = _request.HighWatermark ?? _endOffset,
        };
    }

    private void ListSegments(IReadOnlyList<FileEntry> entries)
    {
        _snapshots = new ProducerSnapshotStore(_context.Files, _context.Logger, _request.Path, entries);
        foreach (FileEntry entry in entries)
        {
            if (SegmentFileNames.TryParse(entry.Name, SegmentFileNames.Log, out long baseOffset))
            {
                int size = (int)Math.Min(entry.SizeInBytes, int.MaxValue);
                _segments.Add(LogSegment.Existing(_context.Files, _context.ClosedSegments, _request.Path, baseOffset, size, _context.Now));
            }
        }

        _segments.Sort((left, right) => left.BaseOffset.CompareTo(right.BaseOffset));
    }

    private TopicId ReadTopicId()
    {
        try
        {
            return PartitionMetadataFile.Read(_context.Files, _request.Path) ?? TopicId.None;
        }
        catch (InvalidDataException exception)
        {
            _context.Logger.FileUnusable(Path.Combine(_request.Path, PartitionMetadataFile.FileName), "ignored", exception.Message);
            return TopicId.None;
        }
    }

    private bool TryLoadEpochs()
    {
        try
        {
            if (LeaderEpochCheckpoint.Read(_context.Files, _request.Path) is { } entries)
            {
                _epochs = LeaderEpochCache.From(entries);
                _areEpochsSaved = true;
                return true;
            }
        }
        catch (InvalidDataException exception)
        {
            _context.Logger.FileUnusable(Path.Combine(_request.Path, LeaderEpochCheckpoint.FileName), "rebuilt from the log", exception.Message);
        }

        return false;
    }

    /// <summary>
    /// The first segment that may hold what no sync covered: the one that holds the recovery point. A recovery point past the log's last
    /// segment belongs to another log of this name, so nothing is believed.
    /// </summary>
    private int FindFirstUnsynced(long recoveryPoint)
    {
        int first = 0;
        while (first + 1 < _segments.Count && _segments[first + 1].BaseOffset <= recoveryPoint)
        {
            first++;
        }

        return first + 1 == _segments.Count && recoveryPoint > FindEndOffset(_segments[first]) ? 0 : first;
    }

    private static long FindEndOffset(LogSegment segment)
    {
        long endOffset = segment.BaseOffset;
        SharedFile file = segment.AcquireFile();
        try
        {
            using var scanner = new BatchScanner(file.File, 0, segment.SizeInBytes, wholeBatches: false);
            while (scanner.MoveNext())
            {
                endOffset = scanner.Header.NextOffset;
            }
        }
        finally
        {
            file.Release();
        }

        return endOffset;
    }

    /// <summary>After a clean stop: walks the active segment from its last index entry to the end. False when that is not what was left.</summary>
    private bool TryActivateLast()
    {
        if (_segments.Count == 0)
        {
            return true;
        }

        LogSegment last = _segments[^1];
        SegmentIndexes? indexes = SegmentIndexes.TryLoad(
            _context.Files, last.PathOf(SegmentFileNames.OffsetIndex), last.PathOf(SegmentFileNames.TimeIndex), last.SizeInBytes, (long)int.MaxValue + 1);
        if (indexes is null)
        {
            return last.SizeInBytes == 0 && TryActivateEmpty(last);
        }

        SharedFile file = last.AcquireFile();
        try
        {
            _endOffset = last.BaseOffset;
            using var scanner = new BatchScanner(file.File, indexes.LastIndexedPosition, last.SizeInBytes, wholeBatches: false);
            OffsetPosition expected = indexes.Offsets.Last;
            while (scanner.MoveNext())
            {
                if (scanner.Position == expected.Position && indexes.Offsets.Count > 0
                    && scanner.Header.LastOffset - last.BaseOffset != expected.RelativeOffset)
                {
                    return false;
                }

                indexes.AddWithoutEntry(in scanner.Header, last.BaseOffset);
                _endOffset = scanner.Header.NextOffset;
            }

            if (scanner.NextPosition != last.SizeInBytes)
            {
                return false;
            }

            last.FirstTimestamp = ReadFirstTimestamp(file.File, last.SizeInBytes);
        }
        finally
        {
            file.Release();
        }

        last.Activate(indexes, last.SizeInBytes);
        last.IsSynced = true;
        return true;
    }

    private bool TryActivateEmpty(LogSegment last)
    {
        _endOffset = last.BaseOffset;
        last.Activate(new SegmentIndexes(), 0);
        return true;
    }

    private static long? ReadFirstTimestamp(IFile file, int size)
    {
        using var scanner = new BatchScanner(file, 0, size, wholeBatches: false);
        return scanner.MoveNext() ? scanner.Header.MaxTimestamp : null;
    }

    private void Recover(int first, long startOffset)
    {
        long from = _segments[first].BaseOffset;
        _epochs = _epochs.TruncateFromEnd(from);
        _areEpochsSaved = false;
        ProducerReplay.Run(_segments[..first], _snapshots, _producers, startOffset, from);
        _endOffset = from;
        for (int index = first; index < _segments.Count; index++)
        {
            if (!RecoverSegment(_segments[index], isLast: index == _segments.Count - 1))
            {
                DropSegmentsAfter(index);
            }
        }

        _context.Logger.LogRecovered(_request.TopicPartition, from, _endOffset);
    }

    /// <summary>Reads a segment batch by batch; false when it had to be cut, so that nothing after it can be trusted.</summary>
    private bool RecoverSegment(LogSegment segment, bool isLast)
    {
        var indexes = new SegmentIndexes();
        _endOffset = Math.Max(_endOffset, segment.BaseOffset);
        segment.FirstTimestamp = null;
        int validBytes = 0;
        SharedFile file = segment.AcquireFile();
        try
        {
            using var scanner = new BatchScanner(file.File, 0, segment.SizeInBytes, wholeBatches: true);
            DeleteIndexes(segment);
            while (scanner.MoveNext() && IsAcceptable(scanner, segment))
            {
                segment.FirstTimestamp ??= scanner.Header.MaxTimestamp;
                indexes.Add(in scanner.Header, segment.BaseOffset, (int)scanner.Position, _request.Options.IndexIntervalBytes);
                LearnFrom(segment, in scanner.Header, scanner.Batch);
                _endOffset = scanner.Header.NextOffset;
                validBytes = (int)scanner.NextPosition;
            }

            RefuseOldFormat(scanner, segment);
        }
        finally
        {
            file.Release();
        }

        bool isWhole = validBytes == segment.SizeInBytes;
        if (!isWhole)
        {
            _context.Logger.LogCut(_request.TopicPartition, _endOffset, validBytes, segment.LogPath);
        }

        segment.AdoptRecovered(indexes, validBytes, isActive: isLast || !isWhole);
        return isWhole;
    }

    /// <summary>Whether the batch continues the log and is what was written.</summary>
    private bool IsAcceptable(BatchScanner scanner, LogSegment segment)
    {
        ref readonly RecordBatchHeader header = ref scanner.Header;
        return header.BaseOffset >= _endOffset && header.LastOffset - segment.BaseOffset <= int.MaxValue && header.CrcMatches(scanner.Batch);
    }

    private void DeleteIndexes(LogSegment segment)
    {
        foreach (string suffix in (ReadOnlySpan<string>)[SegmentFileNames.OffsetIndex, SegmentFileNames.TimeIndex, SegmentFileNames.TransactionIndex])
        {
            _context.Files.DeleteFile(segment.PathOf(suffix));
        }
    }

    /// <summary>A segment of format v0 or v1 is whole, only not for us: cutting it would destroy what an older Kafka wrote.</summary>
    private static void RefuseOldFormat(BatchScanner scanner, LogSegment segment)
    {
        if (scanner is { OldMagic: { } magic, Position: 0 })
        {
            throw new InvalidDataException(
                $"{segment.LogPath} holds messages of format v{magic}, which Kafka wrote before 0.11; only logs in format v2 can be opened.");
        }
    }

    private void LearnFrom(LogSegment segment, in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        LearnEpoch(in header);
        if (_producers.Apply(in header, batch) is { IsAborted: true } transaction)
        {
            long lastStableOffset = _producers.FirstUnstableOffset ?? transaction.LastOffset + 1;
            TransactionIndexFile.Append(_context.Files, segment.PathOf(SegmentFileNames.TransactionIndex), in transaction, lastStableOffset);
        }
    }

    private void LearnEpoch(in RecordBatchHeader header)
    {
        var epoch = new LeaderEpoch(header.PartitionLeaderEpoch);
        if (epoch.Value >= 0 && _epochs.Latest != epoch)
        {
            _epochs = _epochs.Assign(epoch, header.BaseOffset);
            _areEpochsSaved = false;
        }
    }

    private void DropSegmentsAfter(int index)
    {
        foreach (LogSegment segment in _segments[(index + 1)..])
        {
            _context.Logger.SegmentDropped(_request.TopicPartition, segment.LogPath);
            foreach (string path in segment.MarkDeleted())
            {
                _context.Files.DeleteFile(path);
            }
        }

        _segments.RemoveRange(index + 1, _segments.Count - index - 1);
    }

    /// <summary>
    /// Begins an empty segment where the log has none, or ends before its start. An offset that was given once is not given again, so a
    /// log whose files are lost goes on from its recovery point.
    /// </summary>
    private void StartEmpty(long offset)
    {
        DropSegmentsAfter(-1);
        _producers.Clear();
        _segments.Add(LogSegment.Create(_context.Files, _context.ClosedSegments, _request.Path, offset, _context.Now, 0));
        _context.Files.SyncDirectory(_request.Path);
        _endOffset = offset;
    }

    private void FinishEpochs(bool isKnown, long startOffset)
    {
        if (!isKnown)
        {
            _epochs = LeaderEpochCache.Empty;
            foreach (LogSegment segment in _segments)
            {
                LearnEpochs(segment);
            }
        }

        LeaderEpochCache bounded = _epochs.TruncateFromEnd(_endOffset).TruncateFromStart(startOffset);
        _areEpochsSaved &= ReferenceEquals(bounded, _epochs);
        _epochs = bounded;
    }

    private void LearnEpochs(LogSegment segment)
    {
        SharedFile file = segment.AcquireFile();
        try
        {
            using var scanner = new BatchScanner(file.File, 0, segment.SizeInBytes, wholeBatches: false);
            while (scanner.MoveNext())
            {
                LearnEpoch(in scanner.Header);
            }
        }
        finally
        {
            file.Release();
        }
    }
}
