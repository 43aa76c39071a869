using Ottla.Protocol;
using Ottla.Records.Compression;
using Ottla.Records.Legacy;

namespace Ottla.Records;

/// <summary>
/// Conversion between record batches and the message sets of old clients: format v0 of Produce and Fetch versions 0 and 1, format v1 of
/// Produce version 2 and Fetch versions 2 and 3 (KIP-31, KIP-32). Thread-safe.
/// </summary>
public static class LegacyMessageSet
{
    /// <summary>
    /// Makes one batch of format v2 of a produced message set. A cut message at the end is left out; offsets are given anew; checksums,
    /// magics, and that nothing is compressed twice are checked.
    /// </summary>
    /// <param name="messages">The set: messages, or one compressed message that holds some.</param>
    /// <param name="targetCodec">How the batch is to be compressed; null for as the set is.</param>
    /// <param name="limits">What decompressed messages may take in memory.</param>
    public static LegacyUpConversion UpConvert(
        ReadOnlyMemory<byte> messages, CompressionCodec? targetCodec, in DecompressionLimits limits)
    {
        CompressionCodec codec = targetCodec ?? LegacyUpConverter.CodecOf(messages.Span);
        var options = new RecordBatchOptions { Codec = codec, InitialCapacityInBytes = messages.Length + RecordBatchHeader.SizeInBytes };
        using var builder = new RecordBatchBuilder(options);
        (ErrorCode error, string? message) = new LegacyUpConverter(builder, messages, limits).Run();
        return error == ErrorCode.None
            ? new LegacyUpConversion { Batch = builder.TakeBatch() }
            : new LegacyUpConversion { Error = error, Message = message };
    }

    /// <summary>
    /// Makes a message set of fetched batches. Headers of records and control batches are left out; offsets and compression are kept.
    /// Stops before a batch that cannot be converted, that no longer fits, or that is cut.
    /// </summary>
    /// <param name="batches">Batches of format v2 as stored.</param>
    /// <param name="rules">What the consumer asked for.</param>
    public static LegacyDownConversion DownConvert(ReadOnlyMemory<byte> batches, in LegacyDownConversionRules rules)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rules.Magic, 1);
        using var output = new PooledOutput(prefixLength: 0, sizeHint: Math.Min(batches.Length, rules.MaxBytes), Array.MaxLength);
        var converter = new LegacyDownConverter(rules, output);
        long nextOffset = rules.FetchOffset;
        foreach (ReadOnlyMemory<byte> batch in new RecordBatchEnumerator(batches))
        {
            RecordBatchHeader header = RecordBatchHeader.ReadUnchecked(batch.Span);
            ErrorCode error = converter.Convert(batch, header);
            if (error != ErrorCode.None)
            {
                return output.Written.IsEmpty
                    ? new LegacyDownConversion { Error = error, NextOffset = nextOffset }
                    : new LegacyDownConversion { Messages = output.Take(), NextOffset = nextOffset };
            }

            nextOffset = header.NextOffset;
        }

        return new LegacyDownConversion { Messages = output.Take(), NextOffset = nextOffset };
    }
}
