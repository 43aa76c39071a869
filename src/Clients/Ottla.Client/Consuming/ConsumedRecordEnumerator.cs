using Ottla.Records;

namespace Ottla.Client.Consuming;

/// <summary>Walks the records of a <see cref="ConsumedBatch"/> from the position where reading began. Allocates nothing.</summary>
public ref struct ConsumedRecordEnumerator
{
    private readonly RecordBatchHeader _header;
    private readonly long _fromOffset;
    private RecordEnumerator _records;

    internal ConsumedRecordEnumerator(RecordBatchHeader header, ReadOnlySpan<byte> records, long fromOffset)
    {
        _header = header;
        _fromOffset = fromOffset;
        _records = new RecordEnumerator(records, header.RecordCount);
    }

    /// <summary>The record at the current position.</summary>
    public readonly ConsumedRecordView Current => new(
        _records.Current, _header.BaseOffset + _records.Current.OffsetDelta, _header.TimestampOf(_records.Current.TimestampDelta));

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="MalformedRecordsException">The batch is corrupt.</exception>
    public bool MoveNext()
    {
        while (_records.MoveNext())
        {
            // A fetch returns whole batches, so the first one may begin before the offset that was asked for.
            if (_header.BaseOffset + _records.Current.OffsetDelta >= _fromOffset)
            {
                return true;
            }
        }

        return false;
    }
}
