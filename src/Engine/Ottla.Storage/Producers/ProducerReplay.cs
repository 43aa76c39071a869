using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Files;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Producers;

/// <summary>Rebuilds the producers' state: the newest usable snapshot, then the headers of the log that follow it.</summary>
internal static class ProducerReplay
{
    /// <summary>Fills an empty table with the state at <paramref name="endOffset"/>. Waits for the disk.</summary>
    /// <returns>The snapshot's offset from which the replay went on; the log's start when there was none.</returns>
    public static long Run(
        IReadOnlyList<LogSegment> segments, ProducerSnapshotStore snapshots, ProducerStateTable producers, long startOffset, long endOffset)
    {
        long from = snapshots.Load(producers, endOffset) ?? startOffset;
        for (int index = 0; index < segments.Count; index++)
        {
            long segmentEnd = index + 1 < segments.Count ? segments[index + 1].BaseOffset : long.MaxValue;
            if (segmentEnd > from && segments[index].BaseOffset < endOffset)
            {
                ReplaySegment(segments[index], producers, from, endOffset);
            }
        }

        return from;
    }

    private static void ReplaySegment(LogSegment segment, ProducerStateTable producers, long from, long endOffset)
    {
        SharedFile file = segment.AcquireFile();
        try
        {
            using var scanner = new BatchScanner(file.File, 0, segment.SizeInBytes, wholeBatches: false);
            while (scanner.MoveNext() && scanner.Header.BaseOffset < endOffset)
            {
                if (scanner.Header.BaseOffset < from || !scanner.Header.HasProducerId)
                {
                    continue;
                }

                if (scanner.Header.IsControl)
                {
                    using PooledBuffer batch = PooledBuffer.Rent(scanner.Header.TotalSizeInBytes);
                    file.File.Read(batch.Span, scanner.Position);
                    producers.Apply(in scanner.Header, batch.Span);
                }
                else
                {
                    producers.Apply(in scanner.Header, []);
                }
            }
        }
        finally
        {
            file.Release();
        }
    }
}
