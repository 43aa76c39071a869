using Ottla.Records;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Tests.Support;

/// <summary>The naive log: a list of records and of where batches end.</summary>
internal sealed class LogModel
{
    private readonly List<(long Offset, long Timestamp, string Value, int Epoch)> _records = [];
    private readonly List<long> _batchEnds = [0];
    private int _epoch;

    public long StartOffset { get; set; }

    public long EndOffset { get; private set; }

    /// <summary>The leader epoch of the next append, now and then a new one.</summary>
    public int NextEpoch(Random random)
    {
        if (random.Next(10) == 0)
        {
            _epoch++;
        }

        return _epoch;
    }

    public void Append(long timestamp, string[] values)
    {
        for (int index = 0; index < values.Length; index++)
        {
            _records.Add((EndOffset++, timestamp + index, values[index], _epoch));
        }

        _batchEnds.Add(EndOffset);
    }

    public long RandomBatchEnd(Random random)
    {
        List<long> ends = [.. _batchEnds.Where(end => end >= StartOffset)];
        return ends.Count == 0 ? EndOffset : ends[random.Next(ends.Count)];
    }

    public void TruncateTo(long end)
    {
        _records.RemoveAll(record => record.Offset >= end);
        _batchEnds.RemoveAll(batchEnd => batchEnd > end);
        EndOffset = Math.Min(EndOffset, end);
    }

    public IEnumerable<(long Offset, string Value)> Readable() =>
        _records.Where(record => record.Offset >= StartOffset).Select(record => (record.Offset, record.Value));

    public (long Offset, long Timestamp) FindTimestamp(long timestamp)
    {
        foreach ((long offset, long recordTimestamp, _, _) in _records)
        {
            if (offset >= StartOffset && recordTimestamp >= timestamp)
            {
                return (offset, recordTimestamp);
            }
        }

        return (-1, -1);
    }

    /// <summary>Where each epoch ends that has readable records and a later epoch behind it.</summary>
    public IEnumerable<(int Epoch, long End)> EpochEnds()
    {
        var readable = _records.Where(record => record.Offset >= StartOffset).ToList();
        for (int index = 1; index < readable.Count; index++)
        {
            if (readable[index].Epoch != readable[index - 1].Epoch)
            {
                yield return (readable[index - 1].Epoch, readable[index].Offset);
            }
        }
    }

    /// <summary>Whole batches from the one that holds the offset on, none past the limit.</summary>
    public void CheckRead(long offset, long upTo, LogRead read)
    {
        long next = offset;
        foreach (ReadOnlyMemory<byte> batch in new RecordBatchWalk(read.Records))
        {
            RecordBatchHeader header = Batches.HeaderOf(batch.ToArray());
            Assert.True(header.LastOffset >= next, "a batch before the offset was returned");
            Assert.True(header.BaseOffset <= next, "a batch was skipped");
            Assert.True(header.NextOffset <= upTo, "a batch past the limit was returned");
            Assert.Contains(header.NextOffset, _batchEnds);
            next = header.NextOffset;
        }

        Assert.Equal(next, read.NextOffset);
    }
}
