using Ottla.Protocol;
using Ottla.Records.Validation;
using Layout = Ottla.Records.RecordBatchLayout;

namespace Ottla.Records;

/// <summary>
/// Decides whether the records that a producer sent for one partition may be appended. Always looked at: the header, the checksum, that
/// there is exactly one batch, its size, its count, its timestamps. Uncompressed records are walked; compressed ones are decompressed
/// only where the rules ask for it. Thread-safe; allocates nothing for a valid batch that is not decompressed.
/// </summary>
public static class RecordBatchValidator
{
    /// <summary>Validates what a Produce request from version 3 on holds for one partition.</summary>
    /// <param name="records">The bytes, which should be one batch of format v2.</param>
    /// <param name="rules">What is asked of it.</param>
    public static BatchValidation Validate(ReadOnlyMemory<byte> records, in BatchValidationRules rules)
    {
        if (BatchRules.FindRefusal(records.Span, rules, out RecordBatchHeader header) is { } refusal)
        {
            return new BatchValidation { Error = refusal.Error, Message = refusal.Message };
        }

        ReadOnlyMemory<byte> payload = records[Layout.Records..];
        return header.Codec == CompressionCodec.None ? Walk(payload.Span, header, rules)
            : rules.NeedsRecords ? DecompressAndWalk(payload, header, rules)
            : AcceptByHeader(header, rules);
    }

    private static BatchValidation DecompressAndWalk(
        ReadOnlyMemory<byte> payload, in RecordBatchHeader header, in BatchValidationRules rules)
    {
        ErrorCode error = RecordCompression.TryDecompress(
            header.Codec, payload, rules.DecompressionLimits, out PooledBuffer? records);
        if (records is null)
        {
            // The checksum held, so the producer made these bytes: a retry, which a corrupt message would call for, cannot help.
            return new BatchValidation
            {
                Error = error == ErrorCode.CorruptMessage ? ErrorCode.InvalidRecord : error,
                Message = error == ErrorCode.MessageTooLarge
                    ? "The batch's records are too large when decompressed."
                    : $"The batch's records are not valid {header.Codec} data.",
            };
        }

        using (records)
        {
            return Walk(records.Span, header, rules);
        }
    }

    private static BatchValidation Walk(ReadOnlySpan<byte> records, in RecordBatchHeader header, in BatchValidationRules rules)
    {
        var walk = new RecordWalk(header, rules);
        walk.Run(records);
        return walk.ErrorCode == ErrorCode.None
            ? Accept(header, rules, walk.MaxTimestamp, walk.OffsetDeltaOfMaxTimestamp)
            : new BatchValidation { Error = walk.ErrorCode, Message = walk.CreateMessage(), RecordErrorsOrNull = walk.Errors };
    }

    private static BatchValidation AcceptByHeader(in RecordBatchHeader header, in BatchValidationRules rules) =>
        BatchRules.FindTimestampRefusal(header, rules) is { } message
            ? new BatchValidation { Error = ErrorCode.InvalidTimestamp, Message = message }
            : Accept(header, rules, header.MaxTimestamp, header.LastOffsetDelta);

    // With LogAppendTime all records have one timestamp, so the first is the first that has it.
    private static BatchValidation Accept(
        in RecordBatchHeader header, in BatchValidationRules rules, long maxTimestamp, int offsetDeltaOfMaxTimestamp) => new()
        {
            Header = header,
            IsLogAppendTime = rules.IsLogAppendTime,
            MaxTimestamp = rules.IsLogAppendTime ? rules.Now : maxTimestamp,
            OffsetDeltaOfMaxTimestamp = rules.IsLogAppendTime ? 0 : offsetDeltaOfMaxTimestamp,
        };
}
