using Ottla.Protocol;
using Ottla.Records.Compression;

namespace Ottla.Records;

/// <summary>
/// The codecs of Kafka's record batches, in the framing that Kafka's clients expect. Thread-safe. A level is Kafka's (KIP-390): gzip
/// 1 to 9 or -1, lz4 1 to 17, zstd -131072 to 22; snappy has none.
/// </summary>
public static class RecordCompression
{
    /// <summary>Kafka's default for <c>compression.gzip.level</c>: zlib chooses.</summary>
    public const int DefaultGzipLevel = -1;

    /// <summary>Kafka's default for <c>compression.lz4.level</c>.</summary>
    public const int DefaultLz4Level = 9;

    /// <summary>Kafka's default for <c>compression.zstd.level</c>.</summary>
    public const int DefaultZstdLevel = 3;

    /// <summary>Whether <paramref name="codec"/> is one of those known here.</summary>
    public static bool IsKnown(CompressionCodec codec) => codec <= CompressionCodec.Zstd;

    /// <summary>Whether <paramref name="level"/> is in the range that Kafka gives for <paramref name="codec"/>.</summary>
    public static bool IsValidLevel(CompressionCodec codec, int level) => codec switch
    {
        CompressionCodec.Gzip => level is -1 or (>= 1 and <= 9),
        CompressionCodec.Lz4 => level is >= 1 and <= 17,
        CompressionCodec.Zstd => level is >= -131072 and <= 22,
        _ => false,
    };

    /// <summary>Decompresses the records of a batch.</summary>
    /// <param name="codec">How they are compressed.</param>
    /// <param name="source">The compressed bytes; must not change meanwhile.</param>
    /// <param name="limits">What the output may take.</param>
    /// <param name="output">The decompressed bytes, owned by the caller; null on error.</param>
    /// <returns>
    /// <see cref="ErrorCode.CorruptMessage"/> for bytes that are not of that codec, <see cref="ErrorCode.MessageTooLarge"/> beyond the
    /// limits, <see cref="ErrorCode.UnsupportedCompressionType"/> for a codec unknown here.
    /// </returns>
    public static ErrorCode TryDecompress(
        CompressionCodec codec, ReadOnlyMemory<byte> source, in DecompressionLimits limits, out PooledBuffer? output) =>
        TryDecompress(codec, source, limits, Lz4HeaderChecksum.Specified, out output);

    /// <summary>Decompresses the records of a batch.</summary>
    /// <inheritdoc cref="TryDecompress(CompressionCodec, ReadOnlyMemory{byte}, in DecompressionLimits, out PooledBuffer?)"/>
    /// <returns>The decompressed bytes, owned by the caller.</returns>
    /// <exception cref="MalformedRecordsException">They cannot be decompressed, or not within the limits.</exception>
    public static PooledBuffer Decompress(CompressionCodec codec, ReadOnlyMemory<byte> source, in DecompressionLimits limits)
    {
        ErrorCode error = TryDecompress(codec, source, limits, out PooledBuffer? output);
        return output ?? throw new MalformedRecordsException(error, $"{codec} records cannot be decompressed: {error}.");
    }

    /// <summary>Compresses the records of a batch.</summary>
    /// <param name="codec">A known codec other than none.</param>
    /// <param name="level">The codec's level; null for its default.</param>
    /// <param name="source">The uncompressed bytes.</param>
    /// <param name="prefixLength">How many bytes of undefined content to leave before the compressed ones, for a header.</param>
    /// <returns>Prefix and compressed bytes, owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The codec is not known, or none.</exception>
    public static PooledBuffer Compress(CompressionCodec codec, int? level, ReadOnlySpan<byte> source, int prefixLength = 0) =>
        Compress(codec, level, source, prefixLength, Lz4HeaderChecksum.Specified);

    internal static ErrorCode TryDecompress(
        CompressionCodec codec,
        ReadOnlyMemory<byte> source,
        in DecompressionLimits limits,
        Lz4HeaderChecksum checksum,
        out PooledBuffer? decompressed)
    {
        const int ExpectedRatio = 4;
        decompressed = null;
        int sizeHint = (int)Math.Min((long)source.Length * ExpectedRatio, int.MaxValue);
        using var output = new PooledOutput(prefixLength: 0, sizeHint, limits.MaxOutputFor(source.Length));
        ErrorCode error = codec switch
        {
            CompressionCodec.None => output.TryAppend(source.Span) ? ErrorCode.None : ErrorCode.MessageTooLarge,
            CompressionCodec.Gzip => GzipCodec.Decompress(source, output),
            CompressionCodec.Snappy => SnappyCodec.Decompress(source.Span, limits.IsTrusted, output),
            CompressionCodec.Lz4 => Lz4FrameCodec.Decompress(source.Span, checksum, limits.IsTrusted, output),
            CompressionCodec.Zstd => ZstdCodec.Decompress(source.Span, output),
            _ => ErrorCode.UnsupportedCompressionType,
        };
        if (error == ErrorCode.None)
        {
            decompressed = output.Take();
        }

        return error;
    }

    internal static PooledBuffer Compress(
        CompressionCodec codec, int? level, ReadOnlySpan<byte> source, int prefixLength, Lz4HeaderChecksum checksum)
    {
        using var output = new PooledOutput(prefixLength, sizeHint: source.Length, maxLength: int.MaxValue - prefixLength);
        switch (codec)
        {
            case CompressionCodec.Gzip:
                GzipCodec.Compress(source, level ?? DefaultGzipLevel, output);
                break;
            case CompressionCodec.Snappy:
                SnappyCodec.Compress(source, output);
                break;
            case CompressionCodec.Lz4:
                Lz4FrameCodec.Compress(source, level ?? DefaultLz4Level, checksum, output);
                break;
            case CompressionCodec.Zstd:
                ZstdCodec.Compress(source, level ?? DefaultZstdLevel, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "Not a codec that compresses.");
        }

        return output.Take();
    }
}
