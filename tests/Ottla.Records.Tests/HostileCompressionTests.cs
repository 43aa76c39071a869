using CsCheck;
using Ottla.Protocol;

namespace Ottla.Records.Tests;

/// <summary>Broken input is taken only where the codecs' own libraries take it, and means the same then.</summary>
public sealed class HostileCompressionTests
{
    private const int Limit = 200_000;

    private static Gen<byte[]> GenContent { get; } = Gen.OneOf(
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[1, 100], (part, times) => Enumerable.Repeat(part, times).SelectMany(bytes => bytes).ToArray()),
        Gen.Int[0, 3].Select(value => (byte)value).Array[1, 3_000]);

    private static Gen<(int Position, byte Value)[]> GenMutations { get; } = Gen.Select(
        Gen.OneOf(Gen.Int[0, 30], Gen.Int[0, 4_000]), Gen.Byte, (position, value) => (position, value)).Array[1, 3];

    [Fact]
    public void Snappy_blocks()
    {
        Assert.SkipUnless(NativeCodecs.HasSnappy, "libsnappy.so.1 is not installed.");
        Compare(
            NativeCodecs.SnappyCompress,
            CompressionCodec.Snappy,
            bytes => NativeCodecs.IsValidSnappy(bytes) ? Snappier.Snappy.DecompressToArray(bytes) : null);
    }

    [Fact]
    public void Lz4_frames()
    {
        Assert.SkipUnless(NativeCodecs.HasLz4, "liblz4.so.1 is not installed.");
        Compare(
            content => NativeCodecs.Lz4Compress(content, new Lz4Preferences { BlockSizeId = 4, BlockMode = content.Length & 1 }),
            CompressionCodec.Lz4,
            bytes => NativeCodecs.TryLz4Decompress(bytes, Limit));
    }

    [Fact]
    public void Zstandard_frames()
    {
        Assert.SkipUnless(NativeCodecs.HasZstd, "libzstd.so.1 is not installed.");
        Compare(
            content => NativeCodecs.ZstdCompress(content, level: 3),
            CompressionCodec.Zstd,
            bytes => NativeCodecs.TryZstdDecompress(bytes, Limit));
    }

    [Fact]
    public void A_snappy_literal_beyond_the_end_of_its_block_is_corrupt()
    {
        // Eleven bytes follow, as many as the block states, but the literal's tag states 43.
        byte[] block = [0x0B, 0xA8, 0x14, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0x0B];
        Assert.Equal(
            ErrorCode.CorruptMessage,
            RecordCompression.TryDecompress(CompressionCodec.Snappy, block, DecompressionLimits.Default, out _));
    }

    [Fact]
    public void An_lz4_match_at_distance_zero_or_before_the_start_is_corrupt()
    {
        // Four literals, a match of four, five literals: a block that is right but for the distance.
        foreach ((byte distance, ErrorCode expected) in ((byte, ErrorCode)[])
            [(0, ErrorCode.CorruptMessage), (4, ErrorCode.None), (5, ErrorCode.CorruptMessage)])
        {
            byte[] block = [0x40, 1, 2, 3, 4, distance, 0, 0x80, 5, 6, 7, 8, 9, 10, 11, 12];
            byte[] frame = [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82, (byte)block.Length, 0, 0, 0, .. block, 0, 0, 0, 0];
            ErrorCode error = RecordCompression.TryDecompress(CompressionCodec.Lz4, frame, DecompressionLimits.Default, out PooledBuffer? output);
            using (output)
            {
                Assert.Equal((distance, expected), (distance, error));
            }
        }
    }

    private static void Compare(Func<byte[], byte[]> compress, CompressionCodec codec, Func<byte[], byte[]?> decompress)
    {
        Gen.Select(GenContent, GenMutations).Sample(
            (content, mutations) =>
            {
                byte[] bytes = compress(content);
                foreach ((int position, byte value) in mutations)
                {
                    bytes[position % bytes.Length] = value;
                }

                byte[]? expected = decompress(bytes);
                ErrorCode error = RecordCompression.TryDecompress(
                    codec, bytes, new DecompressionLimits(Limit, MaxRatio: int.MaxValue, RatioFreeBytes: 0), out PooledBuffer? output);
                using (output)
                {
                    // The libraries themselves take some input that is broken, Zstandard the less the newer it is.
                    Assert.True(output is null || expected is not null, "Input that the library refuses was taken.");
                    Assert.True(output is null || output.Span.SequenceEqual(expected), "The library makes something else of it.");
                    Assert.True(output is not null || error is ErrorCode.CorruptMessage or ErrorCode.MessageTooLarge);
                    Assert.True(output is not null || expected is null || codec != CompressionCodec.Snappy, "Input that the library takes was refused.");
                }
            },
            iter: 20_000);
    }
}
