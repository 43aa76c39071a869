using Ottla.Protocol;
using Layout = Ottla.Records.RecordBatchLayout;

namespace Ottla.Records;

/// <summary>Compresses a batch anew, for topics whose <c>compression.type</c> is not <c>producer</c>. Thread-safe.</summary>
public static class RecordBatchTranscoder
{
    /// <summary>
    /// Makes a batch with the same records and header fields whose records are compressed by <paramref name="codec"/>. It may be larger
    /// than the original: the caller holds it against <c>max.message.bytes</c> again.
    /// </summary>
    /// <param name="batch">One complete batch that <see cref="RecordBatchValidator"/> accepted.</param>
    /// <param name="codec">The codec to end up with; none to decompress.</param>
    /// <param name="level">The codec's level; null for its default.</param>
    /// <param name="limits">What the decompressed records may take in memory.</param>
    /// <param name="recompressed">The new batch, owned by the caller; null on error.</param>
    /// <returns>The error of <see cref="RecordCompression.Decompress"/>, or none.</returns>
    public static ErrorCode TryRecompress(
        ReadOnlyMemory<byte> batch, CompressionCodec codec, int? level, in DecompressionLimits limits, out PooledBuffer? recompressed)
    {
        recompressed = null;
        RecordBatchHeader header = RecordBatchHeader.ReadUnchecked(batch.Span);
        ReadOnlyMemory<byte> payload = batch[Layout.Records..header.TotalSizeInBytes];
        if (header.Codec == CompressionCodec.None)
        {
            recompressed = Assemble(payload.Span, header, codec, level);
            return ErrorCode.None;
        }

        ErrorCode error = RecordCompression.TryDecompress(header.Codec, payload, limits, out PooledBuffer? records);
        if (records is not null)
        {
            using (records)
            {
                recompressed = Assemble(records.Span, header, codec, level);
            }
        }

        return error;
    }

    private static PooledBuffer Assemble(ReadOnlySpan<byte> records, in RecordBatchHeader header, CompressionCodec codec, int? level)
    {
        PooledBuffer batch;
        if (codec == CompressionCodec.None)
        {
            batch = PooledBuffer.Rent(checked(records.Length + Layout.Records));
            records.CopyTo(batch.Span[Layout.Records..]);
        }
        else
        {
            batch = RecordCompression.Compress(codec, level, records, Layout.Records);
        }

        RecordBatchHeader changed = header with
        {
            BatchLength = batch.Length - Layout.LogOverhead,
            Attributes = (short)((header.Attributes & ~Layout.CodecMask) | (byte)codec),
        };
        changed.Write(batch.Span);
        RecordBatchPatch.SealChecksum(batch.Span);
        return batch;
    }
}
