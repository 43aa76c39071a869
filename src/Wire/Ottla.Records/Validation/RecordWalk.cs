using Ottla.Protocol;
using Layout = Ottla.Records.RecordBatchLayout;

namespace Ottla.Records.Validation;

/// <summary>One pass over the uncompressed records of a batch. Allocates only for what it finds wrong.</summary>
internal ref struct RecordWalk
{
    // The walk ends after this many: a batch may hold hundreds of thousands of bad records.
    private const int MaxErrors = 1_000;

    private readonly ref readonly RecordBatchHeader _header;
    private readonly ref readonly BatchValidationRules _rules;
    private readonly long _earliestTimestamp;
    private readonly long _latestTimestamp;
    private int _errorCount;

    public RecordWalk(in RecordBatchHeader header, in BatchValidationRules rules)
    {
        _header = ref header;
        _rules = ref rules;
        _earliestTimestamp = rules.IsLogAppendTime ? long.MinValue : rules.EarliestTimestamp;
        _latestTimestamp = rules.IsLogAppendTime ? long.MaxValue : rules.LatestTimestamp;
        MaxTimestamp = Layout.NoTimestamp;
    }

    public ErrorCode ErrorCode { get; private set; }

    public List<RecordError>? Errors { get; private set; }

    public long MaxTimestamp { get; private set; }

    public int OffsetDeltaOfMaxTimestamp { get; private set; }

    public void Run(ReadOnlySpan<byte> records)
    {
        var enumerator = new RecordEnumerator(records, _header.RecordCount);
        int index = 0;
        RecordStep step;
        for (; (step = enumerator.Step()) == RecordStep.Record && _errorCount < MaxErrors; index++)
        {
            Check(enumerator.Current, index);
        }

        if (step == RecordStep.Malformed)
        {
            ErrorCode = ErrorCode.InvalidRecord;
            Reject(ErrorCode.InvalidRecord, index, index < _header.RecordCount
                ? "The record is malformed."
                : "More bytes follow the last record that the batch states.");
        }
    }

    public readonly string CreateMessage() => ErrorCode == ErrorCode.InvalidTimestamp
        ? "One or more records have timestamps that are out of bounds."
        : $"{_errorCount}{(_errorCount < MaxErrors ? string.Empty : " or more")} records are invalid; the first: {Errors?[0].Message}";

    private void Check(in RecordView record, int index)
    {
        long timestamp = _header.BaseTimestamp + record.TimestampDelta;
        if (record.OffsetDelta != index)
        {
            Reject(ErrorCode.InvalidRecord, index, $"The record's offset delta is {record.OffsetDelta} instead of {index}.");
        }
        else if (_rules.IsCompacted && !record.HasKey)
        {
            Reject(ErrorCode.InvalidRecord, index, $"A record without a key cannot go to the compacted topic partition {_rules.Partition}.");
        }
        else if ((timestamp < _earliestTimestamp || timestamp > _latestTimestamp)
            && BatchRules.FindTimestampFault(timestamp, index, _rules) is { } fault)
        {
            Reject(ErrorCode.InvalidTimestamp, index, fault);
        }

        if (timestamp > MaxTimestamp)
        {
            MaxTimestamp = timestamp;
            OffsetDeltaOfMaxTimestamp = index;
        }
    }

    // One timestamp out of bounds names the whole answer, unless records cannot even be read, as Kafka has it.
    private void Reject(ErrorCode error, int index, string message)
    {
        ErrorCode = ErrorCode == ErrorCode.InvalidTimestamp ? ErrorCode : error;
        _errorCount++;
        Errors ??= [];
        Errors.Add(new RecordError(index, message));
    }
}
