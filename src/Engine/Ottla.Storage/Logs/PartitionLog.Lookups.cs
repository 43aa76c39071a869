using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Directories;
using Ottla.Storage.Files;
using Ottla.Storage.Indexes;
using Ottla.Storage.Producers;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <content>Lookups by time and by leader epoch, and the producers.</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// The first record, from the log's start on, whose timestamp is at least <paramref name="timestamp"/> (milliseconds since 1970):
    /// the record itself, decompressed where it must be. Its offset may be at or past the high watermark.
    /// </summary>
    public ValueTask<LogTimestamp> OffsetForTimestampAsync(long timestamp, CancellationToken cancellationToken) =>
        LookUpAsync(() => FindTimestamp(timestamp), cancellationToken);

    /// <summary>The first record with the greatest timestamp of the whole log (KIP-734).</summary>
    public ValueTask<LogTimestamp> OffsetOfMaxTimestampAsync(CancellationToken cancellationToken) =>
        LookUpAsync(FindMaxTimestamp, cancellationToken);

    /// <summary>
    /// The largest known epoch that is not above <paramref name="epoch"/>, and where it ends (KIP-101): none and -1 when the epoch is
    /// newer than all that are known.
    /// </summary>
    public (LeaderEpoch Epoch, long EndOffset) EndOffsetForEpoch(LeaderEpoch epoch)
    {
        LeaderEpochEntry entry = Volatile.Read(ref _epochs).EndOffsetFor(epoch, LogEndOffset);
        return (entry.Epoch, entry.StartOffset);
    }

    /// <summary>The epoch under which the record at <paramref name="offset"/> was written; null when it is not known.</summary>
    public LeaderEpoch? EpochOf(long offset) => Volatile.Read(ref _epochs).EpochOf(offset);

    /// <summary>Lets an epoch begin, when its leader takes over and before its first record.</summary>
    public void AssignEpochStartOffset(LeaderEpoch epoch, long startOffset)
    {
        lock (_lock)
        {
            SetEpochs(_epochs.Assign(epoch, startOffset));
            if (!_areEpochsSaved)
            {
                RequestFlush(includeActive: false);
            }
        }
    }

    /// <summary>The idempotent and transactional producers that the log knows.</summary>
    public IReadOnlyList<ActiveProducer> DescribeProducers()
    {
        lock (_lock)
        {
            var producers = new List<ActiveProducer>(_producers?.Count ?? 0);
            foreach ((long producerId, ProducerEntry entry) in _producers?.Entries ?? [])
            {
                producers.Add(new ActiveProducer(
                    new ProducerId(producerId), entry.Epoch, entry.LastSequence, entry.LastTimestamp, entry.CoordinatorEpoch, entry.TransactionFirstOffset));
            }

            return producers;
        }
    }

    /// <summary>Forgets producers that were silent for <c>producer.id.expiration.ms</c>.</summary>
    internal void RemoveExpiredProducers(long now)
    {
        lock (_lock)
        {
            _producers?.RemoveExpired(now, _context.ProducerIdExpirationMilliseconds);
        }
    }

    private ValueTask<LogTimestamp> LookUpAsync(Func<LogTimestamp> lookUp, CancellationToken cancellationToken)
    {
        if (Directory.State == LogDirectoryState.Offline)
        {
            return ValueTask.FromResult(LogTimestamp.Failed(ErrorCode.KafkaStorageError));
        }

        var work = new QueuedWork<LogTimestamp>(() => Guarded(lookUp), cancellationToken);
        return _context.ReadQueue.TryEnqueue(work)
            ? new ValueTask<LogTimestamp>(work.Completion)
            : ValueTask.FromResult(LogTimestamp.Failed(ErrorCode.KafkaStorageError));
    }

    private LogTimestamp Guarded(Func<LogTimestamp> lookUp)
    {
        try
        {
            return lookUp();
        }
        catch (MalformedRecordsException)
        {
            return LogTimestamp.Failed(ErrorCode.CorruptMessage);
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            if (exception is not FileNotFoundException and not DirectoryNotFoundException)
            {
                Directory.ReportFailure(exception);
            }

            return LogTimestamp.Failed(ErrorCode.KafkaStorageError);
        }
    }

    private LogTimestamp FindTimestamp(long timestamp)
    {
        long startOffset = LogStartOffset;
        LogSegment[] segments = Volatile.Read(ref _segments);
        for (int index = Math.Max(0, FindSegment(segments, startOffset)); index < segments.Length; index++)
        {
            LogSegment segment = segments[index];
            SegmentIndexes indexes = IndexesOf(segments, index);
            if (indexes.Greatest.Timestamp < timestamp)
            {
                continue;
            }

            // The first such record stands after the batch of the last entry that is earlier than the timestamp. An entry with exactly
            // this timestamp names a batch that may itself hold it, or follow one that does.
            TimestampOffset entry = indexes.Times.Lookup(timestamp - 1);
            int from = Math.Max(entry.RelativeOffset, (int)Math.Max(0, startOffset - segment.BaseOffset));
            int position = indexes.Offsets.Lookup(from).Position;
            if (TimestampSearch.Find(segment, position, timestamp, startOffset) is { } found)
            {
                return Found(found);
            }
        }

        return LogTimestamp.NotFound;
    }

    private LogTimestamp FindMaxTimestamp()
    {
        LogSegment[] segments = Volatile.Read(ref _segments);
        long startOffset = LogStartOffset;
        LogSegment? latest = null;
        TimestampOffset greatest = TimestampOffset.None;
        int position = 0;
        for (int index = Math.Max(0, FindSegment(segments, startOffset)); index < segments.Length; index++)
        {
            // Of the segment in which the log starts, only what is still readable counts.
            bool isPartial = segments[index].BaseOffset < startOffset;
            SegmentIndexes indexes = IndexesOf(segments, index);
            TimestampOffset candidate = isPartial ? TimestampSearch.FindGreatest(segments[index], startOffset) : indexes.Greatest;
            if (candidate.Timestamp > greatest.Timestamp)
            {
                (latest, greatest) = (segments[index], candidate);
                position = indexes.Offsets.Lookup(candidate.RelativeOffset).Position;
            }
        }

        return latest is not null && TimestampSearch.Find(latest, position, greatest.Timestamp, startOffset) is { } found
            ? Found(found)
            : LogTimestamp.NotFound;
    }

    private LogTimestamp Found((long Offset, long Timestamp) record) => new()
    {
        Offset = record.Offset,
        Timestamp = record.Timestamp,
        LeaderEpoch = EpochOf(record.Offset) ?? LeaderEpoch.None,
    };

    private SegmentIndexes IndexesOf(LogSegment[] segments, int index)
    {
        long endOffset = index + 1 < segments.Length ? segments[index + 1].BaseOffset : long.MaxValue;
        return segments[index].LoadIndexes(endOffset, _options.IndexIntervalBytes);
    }
}
