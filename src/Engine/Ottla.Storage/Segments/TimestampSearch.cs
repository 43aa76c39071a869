using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Files;
using Ottla.Storage.Indexes;

namespace Ottla.Storage.Segments;

/// <summary>Finds the exact record, not only its batch, that is the first to reach a timestamp.</summary>
internal static class TimestampSearch
{
    /// <summary>
    /// The first record of the segment, from a position on, whose timestamp is at least <paramref name="timestamp"/> and whose offset is
    /// at least <paramref name="minOffset"/>; null when there is none.
    /// </summary>
    /// <exception cref="MalformedRecordsException">A batch cannot be read.</exception>
    public static (long Offset, long Timestamp)? Find(LogSegment segment, int position, long timestamp, long minOffset)
    {
        SharedFile file = segment.AcquireFile();
        try
        {
            using var scanner = new BatchScanner(file.File, position, segment.SizeInBytes, wholeBatches: false);
            while (scanner.MoveNext())
            {
                if (scanner.Header.MaxTimestamp >= timestamp && scanner.Header.LastOffset >= minOffset
                    && FindInBatch(file.File, scanner.Position, in scanner.Header, timestamp, minOffset) is { } found)
                {
                    return found;
                }
            }

            return null;
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>
    /// The greatest timestamp of the batches that hold offsets from <paramref name="minOffset"/> on, and the first of them that has it. A
    /// batch that begins before it counts as a whole: which of its records has the timestamp is not looked up.
    /// </summary>
    public static TimestampOffset FindGreatest(LogSegment segment, long minOffset)
    {
        TimestampOffset greatest = TimestampOffset.None;
        SharedFile file = segment.AcquireFile();
        try
        {
            using var scanner = new BatchScanner(file.File, 0, segment.SizeInBytes, wholeBatches: false);
            while (scanner.MoveNext())
            {
                if (scanner.Header.LastOffset >= minOffset && scanner.Header.MaxTimestamp > greatest.Timestamp)
                {
                    greatest = new TimestampOffset(scanner.Header.MaxTimestamp, (int)(scanner.Header.LastOffset - segment.BaseOffset));
                }
            }
        }
        finally
        {
            file.Release();
        }

        return greatest;
    }

    private static (long Offset, long Timestamp)? FindInBatch(
        IFile file, long position, in RecordBatchHeader header, long timestamp, long minOffset)
    {
        using PooledBuffer batch = PooledBuffer.Rent(header.TotalSizeInBytes);
        if (file.Read(batch.Span, position) < batch.Length || !header.CrcMatches(batch.Span))
        {
            throw new MalformedRecordsException(ErrorCode.CorruptMessage, "The batch does not match its checksum.");
        }

        ReadOnlyMemory<byte> records = batch.Memory[RecordBatchHeader.SizeInBytes..];
        if (header.Codec == CompressionCodec.None)
        {
            return FindRecord(records.Span, in header, timestamp, minOffset);
        }

        using PooledBuffer decompressed = RecordCompression.Decompress(header.Codec, records, DecompressionLimits.Default);
        return FindRecord(decompressed.Span, in header, timestamp, minOffset);
    }

    private static (long Offset, long Timestamp)? FindRecord(
        ReadOnlySpan<byte> records, in RecordBatchHeader header, long timestamp, long minOffset)
    {
        foreach (ref readonly RecordView record in new RecordEnumerator(records, header.RecordCount))
        {
            long recordTimestamp = header.TimestampOf(record.TimestampDelta);
            long offset = header.BaseOffset + record.OffsetDelta;
            if (recordTimestamp >= timestamp && offset >= minOffset)
            {
                return (offset, recordTimestamp);
            }
        }

        return null;
    }
}
