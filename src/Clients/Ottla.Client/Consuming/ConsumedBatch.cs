using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Client.Consuming;

/// <summary>
/// A batch of records as it came, checked and decompressed but not copied. It may be used until the next one is asked for; then its
/// memory is used again.
/// </summary>
public sealed class ConsumedBatch
{
    private readonly ReadOnlyMemory<byte> _records;
    private readonly long _fromOffset;

    internal ConsumedBatch(TopicPartition partition, RecordBatchHeader header, ReadOnlyMemory<byte> records, long fromOffset)
    {
        Partition = partition;
        Header = header;
        _records = records;
        _fromOffset = fromOffset;
    }

    /// <summary>Where it was read.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The batch's header, as the broker keeps it.</summary>
    public RecordBatchHeader Header { get; }

    /// <summary>The offset after the batch's last record.</summary>
    public long NextOffset => Header.NextOffset;

    /// <summary>Bytes of the records, uncompressed.</summary>
    public int RecordBytes => _records.Length;

    /// <summary>Walks the records; in a first batch those before the position where reading began are left out.</summary>
    public ConsumedRecordEnumerator GetEnumerator() => new(Header, _records.Span, _fromOffset);

    /// <summary>Adds the records with memory of their own lifetime: slices of the batch's buffer, which must then be kept.</summary>
    internal void CopyTo(List<ConsumedRecord> records)
    {
        foreach (ConsumedRecordView record in this)
        {
            records.Add(new ConsumedRecord
            {
                Partition = Partition,
                Offset = record.Offset,
                TimestampMilliseconds = record.TimestampMilliseconds,
                IsLogAppendTime = Header.IsLogAppendTime,
                Key = SliceOf(record.HasKey, record.Key),
                Value = SliceOf(record.HasValue, record.Value),
                Headers = record.HeaderCount == 0 ? [] : ReadHeaders(record),
            });
        }
    }

    private List<RecordHeader> ReadHeaders(in ConsumedRecordView record)
    {
        var headers = new List<RecordHeader>(Math.Min(record.HeaderCount, 64));
        foreach (RecordHeaderView header in record.Headers)
        {
            headers.Add(new RecordHeader(header.KeyText, SliceOf(!header.Value.IsNull, header.Value.Span)));
        }

        return headers;
    }

    private ReadOnlyMemory<byte>? SliceOf(bool isThere, ReadOnlySpan<byte> part)
    {
        if (!isThere)
        {
            return null;
        }

        return !part.IsEmpty && _records.Span.Overlaps(part, out int offset) ? _records.Slice(offset, part.Length) : ReadOnlyMemory<byte>.Empty;
    }
}
