using Ottla.Protocol;
using Ottla.Records.Compression;

namespace Ottla.Records.Legacy;

/// <summary>Turns batches of format v2, one after the other, into messages of an old format.</summary>
internal sealed class LegacyDownConverter(LegacyDownConversionRules rules, PooledOutput output)
{
    // Messages of the old formats are up to five times as large as records: what decompression may take bounds them as well.
    private readonly int _maxInnerBytes = rules.DecompressionLimits.MaxOutputBytes;

    /// <summary>Converts one batch; nothing is added to the output when that fails.</summary>
    /// <returns><see cref="ErrorCode.MessageTooLarge"/> when there are messages already and these do not fit.</returns>
    public ErrorCode Convert(ReadOnlyMemory<byte> batch, in RecordBatchHeader header)
    {
        if (header.IsControl)
        {
            return ErrorCode.None;
        }

        if (header.Codec == CompressionCodec.Zstd)
        {
            return ErrorCode.UnsupportedCompressionType;
        }

        ReadOnlyMemory<byte> payload = batch[RecordBatchHeader.SizeInBytes..];
        return header.Codec == CompressionCodec.None
            ? ConvertPlain(payload.Span, header)
            : ConvertCompressed(payload, header);
    }

    private ErrorCode ConvertPlain(ReadOnlySpan<byte> records, in RecordBatchHeader header)
    {
        using var messages = new PooledOutput(prefixLength: 0, sizeHint: records.Length, _maxInnerBytes);
        (ErrorCode error, _, _) = WriteMessages(records, header, messages, originOffset: 0, rules.FetchOffset);
        return error == ErrorCode.None ? Append(messages.Written) : error;
    }

    private ErrorCode ConvertCompressed(ReadOnlyMemory<byte> payload, in RecordBatchHeader header)
    {
        ErrorCode error = RecordCompression.TryDecompress(header.Codec, payload, rules.DecompressionLimits, out PooledBuffer? records);
        if (records is null)
        {
            return error;
        }

        using (records)
        {
            return Wrap(records.Span, header);
        }
    }

    // Offsets within a compressed message are absolute in v0 and count from the batch's own base in v1 (KIP-31). All records are kept,
    // also those below the offset that was asked for: clients skip them.
    private ErrorCode Wrap(ReadOnlySpan<byte> records, in RecordBatchHeader header)
    {
        using var inner = new PooledOutput(prefixLength: 0, sizeHint: records.Length, _maxInnerBytes);
        long originOffset = rules.Magic == 0 ? 0 : header.BaseOffset;
        (ErrorCode error, long lastOffset, long maxTimestamp) = WriteMessages(records, header, inner, originOffset, firstOffset: 0);
        if (error != ErrorCode.None || inner.Written.IsEmpty)
        {
            return error;
        }

        Lz4HeaderChecksum checksum = rules.Magic == 0 ? Lz4HeaderChecksum.WithMagic : Lz4HeaderChecksum.Specified;
        using PooledBuffer compressed = RecordCompression.Compress(header.Codec, level: null, inner.Written, prefixLength: 0, checksum);
        using var wrapper = new PooledOutput(prefixLength: 0, sizeHint: compressed.Length, _maxInnerBytes);
        new LegacyMessageWriter(rules.Magic, header.IsLogAppendTime)
            .Write(wrapper, lastOffset, maxTimestamp, NullableBytes.Null, compressed.Span, header.Codec);
        return Append(wrapper.Written);
    }

    private (ErrorCode Error, long LastOffset, long MaxTimestamp) WriteMessages(
        ReadOnlySpan<byte> records, in RecordBatchHeader header, PooledOutput messages, long originOffset, long firstOffset)
    {
        var writer = new LegacyMessageWriter(rules.Magic, header.IsLogAppendTime);
        var enumerator = new RecordEnumerator(records, header.RecordCount);
        long lastOffset = header.BaseOffset;
        long maxTimestamp = RecordBatchLayout.NoTimestamp;
        RecordStep step;
        while ((step = enumerator.Step()) == RecordStep.Record)
        {
            ref readonly RecordView record = ref enumerator.Current;
            long offset = header.BaseOffset + record.OffsetDelta;
            if (offset < firstOffset)
            {
                continue;
            }

            if (writer.SizeOf(record.NullableKey, record.NullableValue) > messages.Allowed)
            {
                return (ErrorCode.MessageTooLarge, lastOffset, maxTimestamp);
            }

            long timestamp = header.TimestampOf(record.TimestampDelta);
            writer.Write(messages, offset - originOffset, timestamp, record.NullableKey, record.NullableValue);
            lastOffset = offset;
            maxTimestamp = Math.Max(maxTimestamp, timestamp);
        }

        return (step == RecordStep.End ? ErrorCode.None : ErrorCode.CorruptMessage, lastOffset, maxTimestamp);
    }

    private ErrorCode Append(ReadOnlySpan<byte> messages)
    {
        bool fits = output.Written.IsEmpty || messages.Length <= rules.MaxBytes - output.Written.Length;
        return fits && output.TryAppend(messages) ? ErrorCode.None : ErrorCode.MessageTooLarge;
    }
}
