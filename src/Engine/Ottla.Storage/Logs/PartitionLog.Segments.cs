using Microsoft.Extensions.Logging;
using Ottla.Records;
using Ottla.Storage.Files;
using Ottla.Storage.Indexes;
using Ottla.Storage.Producers;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <content>When a segment ends and the next one begins.</content>
public sealed partial class PartitionLog
{
    /// <summary>Whether the batch belongs into a new segment, by Kafka's rules: size, age by record timestamps, full indexes, offset range.</summary>
    private bool MustRoll(in RecordBatchHeader header)
    {
        LogSegment active = ActiveSegment;
        return active.SizeInBytes > _options.SegmentBytes - header.TotalSizeInBytes
            || (active.SizeInBytes > 0 && AgeOf(active, header.MaxTimestamp) > _options.SegmentMilliseconds - _segmentJitter)
            || active.TryGetIndexes() is { } indexes && indexes.IsFull(_options.SegmentIndexBytes)
            || header.LastOffset - active.BaseOffset > int.MaxValue;
    }

    /// <summary>
    /// How long the segment has been filled: from its first batch's timestamp to this batch's, so that old data that is copied in rolls
    /// as it did when it was new; by the clock when there are no timestamps.
    /// </summary>
    private long AgeOf(LogSegment segment, long timestamp)
    {
        long first = segment.FirstTimestamp ?? -1;
        return first >= 0 ? timestamp - first : _context.Now - segment.CreatedAt;
    }

    /// <summary>
    /// Closes the active segment and begins one at <paramref name="baseOffset"/>. What waits for the disk, the sync of the old one and
    /// the writing of its indexes and of the producer snapshot, follows on the directory's thread.
    /// </summary>
    private void Roll(long baseOffset)
    {
        LogSegment old = ActiveSegment;
        bool isReplaced = old.SizeInBytes == 0;
        var next = LogSegment.Create(
            _context.Files, _context.ClosedSegments, Path, baseOffset, _context.Now, _options.Preallocate ? _options.SegmentBytes : 0);
        if (isReplaced)
        {
            // An empty segment is never kept behind another one: its name would claim offsets that it does not have.
            old.ReleaseResources();
            if (old.BaseOffset != baseOffset)
            {
                _context.Files.DeleteFile(old.LogPath);
            }
        }
        else
        {
            old.Close();
            _unsyncedSegments.Add(old);
        }

        Volatile.Write(ref _segments, isReplaced ? [.. _segments[..^1], next] : [.. _segments, next]);
        _segmentJitter = NextJitter();
        _hasNewFiles = true;
        TakeProducerSnapshot();
        RequestFlush(includeActive: false);
        _context.Logger.SegmentRolled(TopicPartition, baseOffset);
    }

    /// <summary>Notes the producers' state at the log's end, to be written on the directory's thread.</summary>
    private void TakeProducerSnapshot()
    {
        if (_snapshots.Latest is { } latest && latest >= _logEndOffset)
        {
            return;
        }

        _snapshots.Add(_logEndOffset);
        _pendingSnapshots.Add((_logEndOffset, ProducerSnapshotFile.Serialize(_producers ?? new ProducerStateTable())));
    }

    private long NextJitter()
    {
        long limit = Math.Min(_options.SegmentJitterMilliseconds, _options.SegmentMilliseconds);
        if (limit <= 0)
        {
            return 0;
        }

        lock (_context.Random)
        {
            return _context.Random.NextInt64(limit);
        }
    }

    private void AddToTransactionIndex(in CompletedTransaction transaction)
    {
        if (transaction.IsAborted)
        {
            long lastStableOffset = _producers?.FirstUnstableOffset ?? transaction.LastOffset + 1;
            TransactionIndexFile.Append(_context.Files, ActiveSegment.PathOf(SegmentFileNames.TransactionIndex), transaction, lastStableOffset);
        }
    }
}
