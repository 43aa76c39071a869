using System.Buffers.Binary;
using System.IO.Compression;
using CsCheck;
using Ottla.Protocol;

namespace Ottla.Records.Tests;

public sealed class RecordCompressionTests
{
    private static readonly CompressionCodec[] Codecs =
        [CompressionCodec.Gzip, CompressionCodec.Snappy, CompressionCodec.Lz4, CompressionCodec.Zstd];

    private static Gen<byte[]> GenContent { get; } = Gen.Frequency(
        (2, Gen.Byte.Array[0, 2_000]),
        (2, Gen.Select(Gen.Byte, Gen.Int[0, 300_000], (filler, length) => Enumerable.Repeat(filler, length).ToArray())),
        (3, Gen.Select(Gen.Byte.Array[1, 200], Gen.Int[1, 2_000], (part, times) => Enumerable.Repeat(part, times).SelectMany(bytes => bytes).ToArray())),
        (1, Gen.Byte.Array[60_000, 200_000]));

    [Fact]
    public void Any_content_comes_back_from_every_codec()
    {
        Gen.Select(Gen.Int[0, 3].Select(index => Codecs[index]), GenContent).Sample((codec, content) =>
        {
            using PooledBuffer compressed = RecordCompression.Compress(codec, level: null, content, prefixLength: 3);
            using PooledBuffer back = RecordCompression.Decompress(codec, compressed.Memory[3..], DecompressionLimits.Default);
            Assert.True(back.Span.SequenceEqual(content));
            using PooledBuffer trusted = RecordCompression.Decompress(codec, compressed.Memory[3..], DecompressionLimits.ForConsumer);
            Assert.True(trusted.Span.SequenceEqual(content));
        });
    }

    [Fact]
    public void Output_at_the_limit_is_accepted_and_a_byte_more_is_not()
    {
        byte[] content = [.. Enumerable.Range(0, 100_000).Select(index => (byte)(index * index / 7))];
        foreach (CompressionCodec codec in Codecs)
        {
            using PooledBuffer compressed = RecordCompression.Compress(codec, level: null, content);
            AssertResult(ErrorCode.None, codec, compressed.Memory, Limit(content.Length));
            AssertResult(ErrorCode.MessageTooLarge, codec, compressed.Memory, Limit(content.Length - 1));
            AssertResult(ErrorCode.MessageTooLarge, codec, compressed.Memory, Limit(0));
            AssertResult(ErrorCode.None, codec, compressed.Memory, Limit(content.Length) with { IsTrusted = true });
            AssertResult(ErrorCode.MessageTooLarge, codec, compressed.Memory, Limit(content.Length - 1) with { IsTrusted = true });
        }
    }

    [Fact]
    public void A_bomb_ends_at_the_limit_without_taking_more_memory()
    {
        const int Limit = 1 << 20;
        byte[] zeros = new byte[64 << 20];
        foreach (CompressionCodec codec in Codecs)
        {
            using PooledBuffer bomb = RecordCompression.Compress(codec, level: null, zeros);
            byte[] bytes = bomb.Span.ToArray();
            AssertResult(ErrorCode.MessageTooLarge, codec, bytes, RecordCompressionTests.Limit(Limit));
            long before = GC.GetAllocatedBytesForCurrentThread();
            AssertResult(ErrorCode.MessageTooLarge, codec, bytes, RecordCompressionTests.Limit(Limit));
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 3 * Limit, $"{codec} allocated {allocated} bytes.");
        }
    }

    [Fact]
    public void The_ratio_limits_large_output_and_leaves_small_output_alone()
    {
        var limits = new DecompressionLimits(MaxOutputBytes: int.MaxValue, MaxRatio: 10, RatioFreeBytes: 50_000);
        foreach (CompressionCodec codec in Codecs)
        {
            using PooledBuffer small = RecordCompression.Compress(codec, level: null, new byte[50_000]);
            using PooledBuffer large = RecordCompression.Compress(codec, level: null, new byte[5_000_000]);
            AssertResult(ErrorCode.None, codec, small.Memory, limits);
            AssertResult(ErrorCode.MessageTooLarge, codec, large.Memory, limits);
        }
    }

    [Fact]
    public void Cut_input_is_corrupt()
    {
        byte[] content = [.. Enumerable.Range(0, 70_000).Select(index => (byte)(index * index / 7))];
        foreach (CompressionCodec codec in Codecs)
        {
            using PooledBuffer compressed = RecordCompression.Compress(codec, level: null, content);
            foreach (int length in (int[])[0, 1, 3, 7, 15, 20, compressed.Length / 2, compressed.Length - 9, compressed.Length - 1])
            {
                // Snappy's framing has no end, so a cut between two blocks or before the first shows only in the count of records.
                ErrorCode error = RecordCompression.TryDecompress(codec, compressed.Memory[..length], DecompressionLimits.Default, out PooledBuffer? output);
                using (output)
                {
                    Assert.True(error == ErrorCode.CorruptMessage || (output is not null && output.Length < content.Length), $"{codec} cut to {length}");
                }
            }
        }
    }

    [Fact]
    public void Mutated_input_never_throws_and_never_exceeds_the_limit()
    {
        byte[] content = [.. Enumerable.Range(0, 3_000).Select(index => (byte)(index % 50))];
        byte[][] compressed = [.. Codecs.Select(codec =>
        {
            using PooledBuffer buffer = RecordCompression.Compress(codec, level: null, content);
            return buffer.Span.ToArray();
        })];
        Gen.Select(Gen.Int[0, 3], Gen.Select(Gen.Int[0, 5_000], Gen.Byte).Array[1, 5], Gen.Bool).Sample(
            (codec, mutations, isTrusted) =>
            {
                byte[] bytes = [.. compressed[codec]];
                foreach ((int position, byte value) in mutations)
                {
                    bytes[position % bytes.Length] = value;
                }

                ErrorCode error = RecordCompression.TryDecompress(Codecs[codec], bytes, Limit(100_000) with { IsTrusted = isTrusted }, out PooledBuffer? output);
                using (output)
                {
                    Assert.Equal(error == ErrorCode.None, output is not null);
                    Assert.True((output?.Length ?? 0) <= 100_000);
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void Random_input_never_throws()
    {
        Gen.Select(Gen.Int[0, 3].Select(index => Codecs[index]), Gen.Byte.Array[0, 400]).Sample(
            (codec, bytes) =>
            {
                RecordCompression.TryDecompress(codec, bytes, Limit(100_000), out PooledBuffer? output);
                output?.Dispose();
            },
            iter: 20_000);
    }

    [Fact]
    public void A_snappy_length_that_no_block_can_hold_is_corrupt_before_memory_is_taken()
    {
        // One bare block that claims 2 GiB, and a frame whose chunk does.
        byte[] claim = [0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00, 0x00];
        byte[] framed = [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2];
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertResult(ErrorCode.CorruptMessage, CompressionCodec.Snappy, claim, DecompressionLimits.Default);
        AssertResult(ErrorCode.CorruptMessage, CompressionCodec.Snappy, framed, DecompressionLimits.Default);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void Snappy_is_written_in_xerials_framing()
    {
        using PooledBuffer compressed = RecordCompression.Compress(CompressionCodec.Snappy, level: null, new byte[40_000]);
        Assert.Equal([0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1], compressed.Span[..16].ToArray());
        int first = BinaryPrimitives.ReadInt32BigEndian(compressed.Span[16..]);
        int second = BinaryPrimitives.ReadInt32BigEndian(compressed.Span[(20 + first)..]);
        Assert.Equal(compressed.Length, 24 + first + second);
    }

    [Fact]
    public void Snappy_without_framing_and_streams_in_a_row_are_read()
    {
        byte[] content = [.. Enumerable.Repeat("record "u8.ToArray(), 10_000).SelectMany(bytes => bytes)];
        byte[] bare = Snappier.Snappy.CompressToArray(content);
        using PooledBuffer fromBare = RecordCompression.Decompress(CompressionCodec.Snappy, bare, DecompressionLimits.Default);
        Assert.True(fromBare.Span.SequenceEqual(content));

        using PooledBuffer framed = RecordCompression.Compress(CompressionCodec.Snappy, level: null, content);
        using PooledBuffer twice = RecordCompression.Decompress(
            CompressionCodec.Snappy, (byte[])[.. framed.Span, .. framed.Span], DecompressionLimits.Default);
        Assert.True(twice.Span[content.Length..].SequenceEqual(content));
    }

    [Fact]
    public void Several_gzip_members_are_read_and_a_wrong_trailer_is_corrupt()
    {
        byte[] member = Gzip("half"u8.ToArray());
        using PooledBuffer both = RecordCompression.Decompress(CompressionCodec.Gzip, (byte[])[.. member, .. member], DecompressionLimits.Default);
        Assert.Equal("halfhalf"u8.ToArray(), both.Span.ToArray());
        member[^6] ^= 1;
        AssertResult(ErrorCode.CorruptMessage, CompressionCodec.Gzip, member, DecompressionLimits.Default);
    }

    [Fact]
    public void Unknown_codecs_are_unsupported_and_none_is_a_copy()
    {
        AssertResult(ErrorCode.UnsupportedCompressionType, (CompressionCodec)5, new byte[10], DecompressionLimits.Default);
        AssertResult(ErrorCode.None, CompressionCodec.None, new byte[10], DecompressionLimits.Default);
        Assert.Throws<ArgumentOutOfRangeException>(() => RecordCompression.Compress(CompressionCodec.None, level: null, new byte[1]));
        Assert.Equal(
            ErrorCode.CorruptMessage,
            Assert.Throws<MalformedRecordsException>(() => RecordCompression.Decompress(CompressionCodec.Gzip, new byte[9], DecompressionLimits.Default)).Error);
    }

    [Fact]
    public void Levels_outside_of_Kafkas_ranges_are_invalid()
    {
        Assert.False(RecordCompression.IsValidLevel(CompressionCodec.Gzip, 0));
        Assert.False(RecordCompression.IsValidLevel(CompressionCodec.Gzip, 10));
        Assert.False(RecordCompression.IsValidLevel(CompressionCodec.Lz4, 0));
        Assert.False(RecordCompression.IsValidLevel(CompressionCodec.Lz4, 18));
        Assert.False(RecordCompression.IsValidLevel(CompressionCodec.Zstd, 23));
        Assert.False(RecordCompression.IsValidLevel(CompressionCodec.Snappy, 1));
    }

    [Fact]
    public void Zstandard_agrees_with_the_reference_library()
    {
        Assert.SkipUnless(NativeCodecs.HasZstd, "libzstd.so.1 is not installed.");
        Gen.Select(GenContent, Gen.Int[0, 3].Select(index => ((int[])[1, 3, 19, -5])[index])).Sample(
            (content, level) =>
            {
                using PooledBuffer ours = RecordCompression.Compress(CompressionCodec.Zstd, level, content);
                Assert.Equal(content, NativeCodecs.ZstdDecompress(ours.Span.ToArray(), content.Length));
                byte[] theirs = NativeCodecs.ZstdCompress(content, level);
                using PooledBuffer back = RecordCompression.Decompress(CompressionCodec.Zstd, theirs, DecompressionLimits.Default);
                Assert.True(back.Span.SequenceEqual(content));
            },
            iter: 50);
    }

    [Fact]
    public void Lz4_frames_agree_with_the_reference_library()
    {
        Assert.SkipUnless(NativeCodecs.HasLz4, "liblz4.so.1 is not installed.");
        Gen.Select(GenContent, Gen.Int[4, 7], Gen.Int[0, 15], Gen.Bool.Select(isHigh => isHigh ? 9 : 0)).Sample(
            (content, blockSize, flags, level) =>
            {
                using PooledBuffer ours = RecordCompression.Compress(CompressionCodec.Lz4, level == 0 ? null : 12, content);
                Assert.Equal(content, NativeCodecs.Lz4Decompress(ours.Span.ToArray(), content.Length));
                byte[] theirs = NativeCodecs.Lz4Compress(content, new Lz4Preferences
                {
                    BlockSizeId = blockSize,
                    BlockMode = flags & 1,
                    ContentChecksum = (flags >> 1) & 1,
                    BlockChecksum = (flags >> 2) & 1,
                    ContentSize = (flags & 8) == 0 ? 0 : (ulong)content.Length,
                    CompressionLevel = level,
                });
                using PooledBuffer back = RecordCompression.Decompress(CompressionCodec.Lz4, theirs, DecompressionLimits.Default);
                Assert.True(back.Span.SequenceEqual(content));
            },
            iter: 300);
    }

    [Fact]
    public void A_flipped_bit_in_a_checksummed_lz4_frame_is_corrupt()
    {
        Assert.SkipUnless(NativeCodecs.HasLz4, "liblz4.so.1 is not installed.");
        byte[] content = [.. Enumerable.Range(0, 5_000).Select(index => (byte)(index * index / 7))];
        byte[] frame = NativeCodecs.Lz4Compress(content, new Lz4Preferences { BlockSizeId = 4, ContentChecksum = 1, BlockChecksum = 1 });
        for (int index = 0; index < frame.Length; index++)
        {
            byte[] flipped = [.. frame];
            flipped[index] ^= 4;
            AssertResult(ErrorCode.CorruptMessage, CompressionCodec.Lz4, flipped, DecompressionLimits.Default);
        }
    }

    [Fact]
    public void Snappy_agrees_with_the_reference_library()
    {
        Assert.SkipUnless(NativeCodecs.HasSnappy, "libsnappy.so.1 is not installed.");
        GenContent.Sample(
            content =>
            {
                using PooledBuffer back = RecordCompression.Decompress(
                    CompressionCodec.Snappy, NativeCodecs.SnappyCompress(content), DecompressionLimits.Default);
                Assert.True(back.Span.SequenceEqual(content));
            },
            iter: 100);
    }

    private static DecompressionLimits Limit(int bytes) => new(bytes, MaxRatio: int.MaxValue, RatioFreeBytes: 0);

    private static void AssertResult(ErrorCode expected, CompressionCodec codec, ReadOnlyMemory<byte> bytes, DecompressionLimits limits)
    {
        ErrorCode error = RecordCompression.TryDecompress(codec, bytes, limits, out PooledBuffer? output);
        using (output)
        {
            Assert.Equal((codec, expected, expected == ErrorCode.None), (codec, error, output is not null));
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }
}
