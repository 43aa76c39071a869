using Ottla.Protocol;
using Ottla.Records.Compression;

namespace Ottla.Records.Legacy;

/// <summary>One pass over a message set of format v0 or v1, whose records go to a batch of format v2.</summary>
internal ref struct LegacyUpConverter(RecordBatchBuilder builder, ReadOnlyMemory<byte> messages, DecompressionLimits limits)
{
    private byte _magic;

    /// <summary>How the set is compressed; known before its records are read.</summary>
    public static CompressionCodec CodecOf(ReadOnlySpan<byte> messages) =>
        LegacyMessage.TryRead(messages, out LegacyMessage first, out _) ? first.Codec : CompressionCodec.None;

    public (ErrorCode Error, string? Message) Run()
    {
        ReadOnlySpan<byte> rest = messages.Span;
        int position = 0;
        for (int count = 0; LegacyMessage.TryRead(rest[position..], out LegacyMessage message, out bool isSizeFalse); count++)
        {
            _magic = count == 0 ? message.Magic : _magic;
            (ErrorCode Error, string? Message) refusal = Take(message, position, isOnly: count == 0 && message.Bytes.Length == rest.Length);
            if (refusal.Error != ErrorCode.None)
            {
                return refusal;
            }

            position += message.Bytes.Length;
        }

        LegacyMessage.TryRead(rest[position..], out _, out bool isBroken);
        if (isBroken)
        {
            return (ErrorCode.CorruptMessage, "A message has a size that is too small.");
        }

        // What follows the last whole message is a message that was cut; Kafka passes over it as well.
        return builder.RecordCount == 0 ? (ErrorCode.InvalidRecord, "The message set is empty.") : default;
    }

    private (ErrorCode Error, string? Message) Take(in LegacyMessage message, int position, bool isOnly)
    {
        (ErrorCode Error, string? Message) refusal = Check(message);
        if (refusal.Error != ErrorCode.None)
        {
            return refusal;
        }

        if (!message.TryReadContent(out NullableBytes key, out NullableBytes value))
        {
            return (ErrorCode.InvalidRecord, "Key and value of a message do not fill it.");
        }

        if (message.Codec == CompressionCodec.None)
        {
            builder.Append(message.Timestamp, key, value);
            return default;
        }

        if (!isOnly)
        {
            return (ErrorCode.InvalidRecord, "A compressed message must be the only one of its set.");
        }

        int valueAt = position + message.Bytes.Length - value.Span.Length;
        return value.IsNull
            ? (ErrorCode.InvalidRecord, "A compressed message has no value.")
            : TakeInner(message.Codec, messages.Slice(valueAt, value.Span.Length));
    }

    private readonly (ErrorCode Error, string? Message) Check(in LegacyMessage message)
    {
        if (message.Magic != _magic)
        {
            return (ErrorCode.InvalidRecord, $"Messages of magic {_magic} and {message.Magic} stand in one set.");
        }

        if (message.Magic > 1)
        {
            return (ErrorCode.InvalidRecord, $"A message set holds magic 0 or 1, not {message.Magic}.");
        }

        if (!message.CrcMatches)
        {
            return (ErrorCode.CorruptMessage, "A message does not match its checksum.");
        }

        return message.IsLogAppendTime
            ? (ErrorCode.InvalidTimestamp, "A client may not set the timestamp type to LogAppendTime.")
            : default;
    }

    private readonly (ErrorCode Error, string? Message) TakeInner(CompressionCodec codec, ReadOnlyMemory<byte> compressed)
    {
        // Zstandard came with Produce version 7, long after these formats (KIP-110).
        ErrorCode error = codec == CompressionCodec.Zstd ? ErrorCode.UnsupportedCompressionType : ErrorCode.None;
        PooledBuffer? inner = null;
        if (error == ErrorCode.None)
        {
            error = RecordCompression.TryDecompress(codec, compressed, limits, Lz4HeaderChecksum.WithMagic, out inner);
        }

        if (inner is null)
        {
            return (error == ErrorCode.CorruptMessage ? ErrorCode.InvalidRecord : error, $"A {codec} message cannot be decompressed.");
        }

        using (inner)
        {
            return TakeInnerMessages(inner.Span);
        }
    }

    private readonly (ErrorCode Error, string? Message) TakeInnerMessages(ReadOnlySpan<byte> inner)
    {
        while (!inner.IsEmpty)
        {
            if (!LegacyMessage.TryRead(inner, out LegacyMessage message, out _))
            {
                return (ErrorCode.InvalidRecord, "A compressed message ends within an inner one.");
            }

            (ErrorCode Error, string? Message) refusal = Check(message);
            if (refusal.Error != ErrorCode.None)
            {
                return refusal;
            }

            if (message.Codec != CompressionCodec.None)
            {
                return (ErrorCode.InvalidRecord, "A message within a compressed one is compressed itself.");
            }

            if (!message.TryReadContent(out NullableBytes key, out NullableBytes value))
            {
                return (ErrorCode.InvalidRecord, "Key and value of a message do not fill it.");
            }

            builder.Append(message.Timestamp, key, value);
            inner = inner[message.Bytes.Length..];
        }

        return default;
    }
}
