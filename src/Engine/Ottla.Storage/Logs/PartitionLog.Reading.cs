using System.Runtime.CompilerServices;
using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Directories;
using Ottla.Storage.Files;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <content>Reads: without a lock, and without waiting for the disk on the caller's thread.</content>
public sealed partial class PartitionLog
{
    private const int LocateChunkBytes = 2048;
    private ReadPosition? _lastRead;

    /// <summary>
    /// Reads whole batches from the one that holds <paramref name="offset"/> on, out of one segment. What is in the page cache is read
    /// at once, on this thread; the rest on Storage's own threads.
    /// </summary>
    /// <param name="offset">The first offset that is wanted.</param>
    /// <param name="maxBytes">How much to return.</param>
    /// <param name="atLeastOneBatch">Whether the first batch is returned even when it is larger than that (KIP-74).</param>
    /// <param name="upToOffset">Where reading ends, exclusive: the high watermark, or the log's end for replicas.</param>
    /// <param name="cancellationToken">Gives up a read that has not begun to wait for the disk.</param>
    public ValueTask<LogRead> ReadAsync(long offset, int maxBytes, bool atLeastOneBatch, long upToOffset, CancellationToken cancellationToken)
    {
        var request = new ReadRequest(offset, maxBytes, atLeastOneBatch, upToOffset);
        return TryRead(in request, mayWait: false, out LogRead read)
            ? ValueTask.FromResult(read)
            : ReadColdAsync(request, cancellationToken);
    }

    private ValueTask<LogRead> ReadColdAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        var work = new QueuedWork<LogRead>(
            () =>
            {
                _ = TryRead(in request, mayWait: true, out LogRead read);
                return read;
            },
            cancellationToken);
        return _context.ReadQueue.TryEnqueue(work)
            ? new ValueTask<LogRead>(work.Completion)
            : ValueTask.FromResult(Empty(request.Offset)); // too many wait already: the client asks again
    }

    /// <summary>False only when the disk would have to be waited for, which <paramref name="mayWait"/> allows.</summary>
    private bool TryRead(in ReadRequest request, bool mayWait, out LogRead read)
    {
        long end = LogEndOffset;
        LogSegment[] segments = Volatile.Read(ref _segments);
        read = Empty(request.Offset);
        if (Directory.State == LogDirectoryState.Offline)
        {
            read = Failed(request.Offset, ErrorCode.KafkaStorageError);
            return true;
        }

        if (request.Offset < LogStartOffset || request.Offset > end)
        {
            read = Failed(request.Offset, ErrorCode.OffsetOutOfRange);
            return true;
        }

        ReadRequest bounded = request with { UpToOffset = Math.Min(request.UpToOffset, end) };
        if (bounded.Offset >= bounded.UpToOffset)
        {
            return true;
        }

        try
        {
            return TryReadSegments(segments, in bounded, mayWait, ref read);
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            // A file that is gone was deleted by retention after this read looked it up, or by hand; the disk is not to blame.
            if (exception is not FileNotFoundException and not DirectoryNotFoundException)
            {
                Directory.ReportFailure(exception);
            }

            ErrorCode error = request.Offset < LogStartOffset ? ErrorCode.OffsetOutOfRange : ErrorCode.KafkaStorageError;
            read = Failed(request.Offset, error);
            return true;
        }
    }

    private bool TryReadSegments(LogSegment[] segments, in ReadRequest request, bool mayWait, ref LogRead read)
    {
        for (int index = Math.Max(0, FindSegment(segments, request.Offset)); index < segments.Length; index++)
        {
            long endOffset = index + 1 < segments.Length ? segments[index + 1].BaseOffset : long.MaxValue;
            switch (ReadSegment(segments[index], endOffset, in request, mayWait, ref read))
            {
                case SegmentRead.Done:
                    return true;
                case SegmentRead.MustWait:
                    return false;
                case SegmentRead.Corrupt:
                    read = Failed(request.Offset, ErrorCode.CorruptMessage);
                    return true;
            }
        }

        return true;
    }

    private SegmentRead ReadSegment(LogSegment segment, long endOffset, in ReadRequest request, bool mayWait, ref LogRead read)
    {
        int size = segment.SizeInBytes;
        SharedFile file = segment.AcquireFile();
        try
        {
            ReadPosition? hint = Volatile.Read(ref _lastRead);
            bool isHinted = hint is not null && hint.Offset == request.Offset && ReferenceEquals(hint.Segment, segment);
            int position = isHinted ? hint!.Position : 0; // isHinted says that it is there
            if (!isHinted)
            {
                SegmentIndexes? indexes = mayWait ? segment.LoadIndexes(endOffset, _options.IndexIntervalBytes) : segment.TryGetIndexes();
                if (indexes is null)
                {
                    return SegmentRead.MustWait;
                }

                position = indexes.Offsets.Lookup((int)Math.Min(request.Offset - segment.BaseOffset, int.MaxValue)).Position;
            }

            int start = position;
            SegmentRead located = Locate(file.File, size, request.Offset, mayWait, ref position, out RecordBatchHeader first);
            bool isLedPast = !isHinted && located == SegmentRead.Done && position == start && start > 0 && first.BaseOffset > request.Offset;
            if (located == SegmentRead.Corrupt || isLedPast)
            {
                return RetryWithoutIndex(segment, file.File, size, in request, mayWait, ref read);
            }

            var location = new BatchLocation(segment, file.File, position, first);
            return located == SegmentRead.Done ? ReadBatches(in location, in request, mayWait, ref read) : located;
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>An index that leads astray is rebuilt; when no batch is found even so, the log itself is damaged.</summary>
    private SegmentRead RetryWithoutIndex(LogSegment segment, IFile file, int size, in ReadRequest request, bool mayWait, ref LogRead read)
    {
        Volatile.Write(ref _lastRead, null);
        if (!mayWait)
        {
            return SegmentRead.MustWait;
        }

        int position = 0;
        SegmentRead located = Locate(file, size, request.Offset, mayWait, ref position, out RecordBatchHeader first);
        if (located == SegmentRead.Corrupt)
        {
            _context.Logger.LogCorrupt(TopicPartition, request.Offset, position, segment.LogPath);
            return located;
        }

        if (!segment.IsActive)
        {
            segment.RebuildIndexes(_options.IndexIntervalBytes);
        }

        var location = new BatchLocation(segment, file, position, first);
        return located == SegmentRead.Done ? ReadBatches(in location, in request, mayWait, ref read) : located;
    }

    /// <summary>Walks headers from <paramref name="position"/> to the batch that ends at or after the offset.</summary>
    [SkipLocalsInit]
    private static SegmentRead Locate(
        IFile file, int size, long offset, bool mayWait, ref int position, out RecordBatchHeader header)
    {
        Span<byte> chunk = stackalloc byte[LocateChunkBytes];
        int chunkStart = 0;
        int chunkCount = 0;
        header = default;
        while (position < size)
        {
            if (chunkCount - (position - chunkStart) < RecordBatchHeader.SizeInBytes)
            {
                chunkStart = position;
                Span<byte> wanted = chunk[..Math.Min(chunk.Length, size - position)];
                if (mayWait)
                {
                    chunkCount = file.Read(wanted, position);
                }
                else if (!file.TryReadCached(wanted, position, out chunkCount))
                {
                    return SegmentRead.MustWait;
                }
            }

            if (!RecordBatchHeader.TryRead(chunk[(position - chunkStart)..chunkCount], out header)
                || header.TotalSizeInBytes > size - position)
            {
                return SegmentRead.Corrupt;
            }

            if (header.LastOffset >= offset)
            {
                return SegmentRead.Done;
            }

            position += header.TotalSizeInBytes;
        }

        return SegmentRead.PastEnd;
    }

    private SegmentRead ReadBatches(in BatchLocation location, in ReadRequest request, bool mayWait, ref LogRead read)
    {
        (LogSegment segment, IFile file, int position, RecordBatchHeader first) = location;
        int rest = segment.SizeInBytes - position;
        if (first.LastOffset >= request.UpToOffset || (first.TotalSizeInBytes > request.MaxBytes && !request.AtLeastOneBatch))
        {
            return SegmentRead.Done;
        }

        int wanted = Math.Min(rest, Math.Max(request.MaxBytes, first.TotalSizeInBytes));
        PooledBuffer buffer = PooledBuffer.Rent(wanted);
        bool isHandedOver = false;
        try
        {
            int count;
            if (mayWait)
            {
                count = file.Read(buffer.Span, position);
            }
            else if (!file.TryReadCached(buffer.Span, position, out count))
            {
                return SegmentRead.MustWait;
            }

            int length = MeasureWholeBatches(buffer.Span[..count], request.UpToOffset, out long nextOffset);
            if (length == 0)
            {
                return SegmentRead.Corrupt;
            }

            Volatile.Write(ref _lastRead, new ReadPosition(nextOffset, segment, position + length));
            read = new LogRead { Buffer = buffer, Records = buffer.Memory[..length], NextOffset = nextOffset, LogStartOffset = LogStartOffset };
            isHandedOver = true;
            return SegmentRead.Done;
        }
        finally
        {
            if (!isHandedOver)
            {
                buffer.Dispose();
            }
        }
    }

    /// <summary>How many bytes are whole batches with plausible headers that end below the limit.</summary>
    private static int MeasureWholeBatches(ReadOnlySpan<byte> bytes, long upToOffset, out long nextOffset)
    {
        int length = 0;
        nextOffset = -1;
        while (RecordBatchHeader.TryRead(bytes[length..], out RecordBatchHeader header)
            && header.TotalSizeInBytes <= bytes.Length - length && header.LastOffset < upToOffset && header.BaseOffset >= nextOffset)
        {
            length += header.TotalSizeInBytes;
            nextOffset = header.NextOffset;
        }

        return length;
    }

    /// <summary>The index of the last segment that begins at or before the offset; -1 when all begin after it.</summary>
    private static int FindSegment(LogSegment[] segments, long offset)
    {
        int low = 0;
        int high = segments.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (segments[middle].BaseOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private LogRead Empty(long offset) => new() { NextOffset = offset, LogStartOffset = LogStartOffset };

    private LogRead Failed(long offset, ErrorCode error) => new() { Error = error, NextOffset = offset, LogStartOffset = LogStartOffset };
}
