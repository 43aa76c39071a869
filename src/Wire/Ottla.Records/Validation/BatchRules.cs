using Ottla.Protocol;
using Layout = Ottla.Records.RecordBatchLayout;

namespace Ottla.Records.Validation;

/// <summary>What is asked of a batch before its records are looked at.</summary>
internal static class BatchRules
{
    public static Refusal? FindRefusal(ReadOnlySpan<byte> records, in BatchValidationRules rules, out RecordBatchHeader header)
    {
        header = default;
        return FindFormatRefusal(records)
            ?? FindSizeRefusal(records, header = RecordBatchHeader.ReadUnchecked(records), rules)
            ?? FindCodecRefusal(header, rules)
            ?? FindChecksumRefusal(records, header, rules)
            ?? FindHeaderRefusal(header, rules)
            ?? (rules.IsFromClient ? FindClientRefusal(header, rules) : null);
    }

    /// <summary>Whether the timestamps that the header of an unopened batch states are out of bounds; null when they are not.</summary>
    public static string? FindTimestampRefusal(in RecordBatchHeader header, in BatchValidationRules rules)
    {
        if (rules.IsLogAppendTime)
        {
            return null;
        }

        return FindTimestampFault(header.MaxTimestamp, header.LastOffsetDelta, rules)
            ?? (header.HasDeleteHorizon ? null : FindTimestampFault(header.BaseTimestamp, offset: 0, rules));
    }

    public static string? FindTimestampFault(long timestamp, int offset, in BatchValidationRules rules) =>
        timestamp == Layout.NoTimestamp || (timestamp >= rules.EarliestTimestamp && timestamp <= rules.LatestTimestamp)
            ? null
            : $"Timestamp {timestamp} of message with offset {offset} is out of range: it should be within "
              + $"[{rules.EarliestTimestamp}, {rules.LatestTimestamp}].";

    private static Refusal? FindFormatRefusal(ReadOnlySpan<byte> records)
    {
        if (!RecordBatchHeader.TryReadMagic(records, out byte magic))
        {
            return Invalid("There must be exactly one record batch for a partition, and there is none.");
        }

        if (magic < Layout.CurrentMagic)
        {
            return Invalid($"Record batches must have magic 2, and this one has {magic}.");
        }

        return magic > Layout.CurrentMagic
            ? new Refusal(ErrorCode.CorruptMessage, $"No record batch has magic {magic}.")
            : records.Length < RecordBatchHeader.SizeInBytes ? Invalid("The record batch ends within its header.") : null;
    }

    private static Refusal? FindSizeRefusal(ReadOnlySpan<byte> records, in RecordBatchHeader header, in BatchValidationRules rules)
    {
        if (header.BatchLength < RecordBatchHeader.SizeInBytes - Layout.LogOverhead)
        {
            return new Refusal(ErrorCode.CorruptMessage, $"A record batch cannot have a length of {header.BatchLength} bytes.");
        }

        long size = (long)header.BatchLength + Layout.LogOverhead;
        if (size > records.Length)
        {
            return Invalid($"The record batch has {size} bytes, of which {records.Length} were sent.");
        }

        if (size < records.Length)
        {
            return Invalid("There must be exactly one record batch for a partition, and more bytes follow the first.");
        }

        return size > rules.MaxMessageBytes
            ? new Refusal(
                ErrorCode.MessageTooLarge,
                $"The record batch for {rules.Partition} has {size} bytes; at most {rules.MaxMessageBytes} are allowed.")
            : null;
    }

    private static Refusal? FindCodecRefusal(in RecordBatchHeader header, in BatchValidationRules rules)
    {
        if (!RecordCompression.IsKnown(header.Codec))
        {
            return new Refusal(ErrorCode.UnsupportedCompressionType, $"No compression type has id {(byte)header.Codec}.");
        }

        return header.Codec == CompressionCodec.Zstd && !rules.AllowZstd
            ? new Refusal(ErrorCode.UnsupportedCompressionType, "Zstandard needs Produce version 7 or later.")
            : null;
    }

    private static Refusal? FindChecksumRefusal(ReadOnlySpan<byte> records, in RecordBatchHeader header, in BatchValidationRules rules) =>
        header.CrcMatches(records)
            ? null
            : new Refusal(ErrorCode.CorruptMessage, $"The record batch for {rules.Partition} does not match its checksum {header.Crc}.");

    private static Refusal? FindHeaderRefusal(in RecordBatchHeader header, in BatchValidationRules rules)
    {
        if (header.FindFault() is { } fault)
        {
            return Invalid(fault);
        }

        if (header.RecordCount == 0)
        {
            return Invalid($"The record batch for {rules.Partition} is empty.");
        }

        return header.RecordCount != header.LastOffsetDelta + 1L
            ? Invalid($"The record batch states {header.RecordCount} records and a last offset delta of {header.LastOffsetDelta}.")
            : FindProducerRefusal(header);
    }

    private static Refusal? FindProducerRefusal(in RecordBatchHeader header)
    {
        if (!header.HasProducerId)
        {
            return header.IsTransactional ? Invalid("A transactional record batch needs a producer id.") : null;
        }

        if (header.IsControl)
        {
            return null;
        }

        return header.BaseSequence < 0 || header.ProducerEpoch < 0
            ? Invalid($"Producer {header.ProducerId} sent epoch {header.ProducerEpoch} and sequence number {header.BaseSequence}.")
            : null;
    }

    private static Refusal? FindClientRefusal(in RecordBatchHeader header, in BatchValidationRules rules)
    {
        if (header.BaseOffset != 0)
        {
            return Invalid($"The base offset of a record batch from a client must be 0, and this one is {header.BaseOffset}.");
        }

        if (header.IsControl)
        {
            return Invalid($"A client may not write control records to {rules.Partition}.");
        }

        return header.IsLogAppendTime
            ? new Refusal(ErrorCode.InvalidTimestamp, "A client may not set the timestamp type to LogAppendTime.")
            : null;
    }

    private static Refusal Invalid(string message) => new(ErrorCode.InvalidRecord, message);
}
