using System.Buffers.Binary;
using System.IO.Hashing;
using CsCheck;
using Ottla.Protocol;

namespace Ottla.Records.Tests;

public sealed class LegacyMessageSetTests
{
    private static readonly CompressionCodec[] OldCodecs =
        [CompressionCodec.None, CompressionCodec.Gzip, CompressionCodec.Snappy, CompressionCodec.Lz4];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Message_sets_of_the_Java_client_become_one_batch(int magic)
    {
        foreach (CompressionCodec codec in OldCodecs)
        {
            byte[] messages = GoldenFile.Read($"v{magic}-{codec.ToString().ToLowerInvariant()}");
            using PooledBuffer batch = UpConvert(messages, codec);
            RecordBatchBuilderTests.AssertHolds(GoldenRecords.Create(magic, codec != CompressionCodec.None), batch.Memory);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_uncompressed_message_set_is_made_byte_for_byte_as_Kafka_made_it(byte magic)
    {
        byte[] batch = CreateBatch(CompressionCodec.None, baseOffset: 40);
        LegacyDownConversion conversion = LegacyMessageSet.DownConvert(batch, new LegacyDownConversionRules { Magic = magic, FetchOffset = 40 });
        using PooledBuffer messages = TakeMessages(conversion);
        Assert.Equal(GoldenFile.Read($"v{magic}-none"), messages.Span.ToArray());
        Assert.Equal(44, conversion.NextOffset);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Compressed_batches_stay_compressed_in_one_wrapping_message(byte magic)
    {
        foreach (CompressionCodec codec in OldCodecs.Skip(1))
        {
            LegacyDownConversion conversion = LegacyMessageSet.DownConvert(
                CreateBatch(codec, baseOffset: 40), new LegacyDownConversionRules { Magic = magic, FetchOffset = 43 });
            using PooledBuffer messages = TakeMessages(conversion);

            // The offset of the wrapping message is that of the last one within.
            Assert.Equal(44, BinaryPrimitives.ReadInt64BigEndian(messages.Span));
            Assert.Equal(magic, messages.Span[16]);
            Assert.Equal((byte)codec, messages.Span[17]);
            using PooledBuffer batch = UpConvert(messages.Span.ToArray(), codec);
            RecordBatchBuilderTests.AssertHolds(GoldenRecords.Create(magic, isCompressed: true), batch.Memory);
        }
    }

    [Fact]
    public void Wrapped_messages_have_absolute_offsets_in_v0_and_relative_ones_in_v1()
    {
        Assert.Equal([40, 41, 42, 43, 44], InnerOffsets(magic: 0));
        Assert.Equal([0, 1, 2, 3, 4], InnerOffsets(magic: 1));
    }

    [Fact]
    public void Lz4_frames_of_v0_have_Kafkas_old_header_checksum()
    {
        byte[] golden = GoldenFile.Read("v0-lz4");
        LegacyDownConversion conversion = LegacyMessageSet.DownConvert(
            CreateBatch(CompressionCodec.Lz4, baseOffset: 40), new LegacyDownConversionRules { Magic = 0 });
        using PooledBuffer messages = TakeMessages(conversion);
        Assert.Equal(golden.AsSpan(26, 7).ToArray(), messages.Span.Slice(26, 7).ToArray());
        Assert.Equal(0x1A, messages.Span[32]);
    }

    [Fact]
    public void Records_below_the_fetch_offset_are_left_out_where_they_are_not_compressed()
    {
        LegacyDownConversion conversion = LegacyMessageSet.DownConvert(
            CreateBatch(CompressionCodec.None, baseOffset: 40), new LegacyDownConversionRules { FetchOffset = 42 });
        using PooledBuffer messages = TakeMessages(conversion);
        Assert.Equal(42, BinaryPrimitives.ReadInt64BigEndian(messages.Span));
    }

    [Fact]
    public void Control_batches_are_left_out_and_passed_over()
    {
        byte[] marker = GoldenFile.Read("control-commit");
        LegacyDownConversion conversion = LegacyMessageSet.DownConvert(marker, new LegacyDownConversionRules { FetchOffset = 12 });
        using PooledBuffer messages = TakeMessages(conversion);
        Assert.Equal((0, 13L, ErrorCode.None), (messages.Length, conversion.NextOffset, conversion.Error));
    }

    [Fact]
    public void Zstandard_is_an_error_at_the_start_and_an_end_later()
    {
        byte[] zstd = CreateBatch(CompressionCodec.Zstd, baseOffset: 50);
        LegacyDownConversion refused = LegacyMessageSet.DownConvert(zstd, new LegacyDownConversionRules());
        Assert.Equal(ErrorCode.UnsupportedCompressionType, refused.Error);
        Assert.Null(refused.Messages);

        LegacyDownConversion partial = LegacyMessageSet.DownConvert(
            (byte[])[.. CreateBatch(CompressionCodec.Gzip, baseOffset: 40), .. zstd], new LegacyDownConversionRules());
        using PooledBuffer messages = TakeMessages(partial);
        Assert.Equal((ErrorCode.None, 45L), (partial.Error, partial.NextOffset));
        Assert.True(messages.Length > 0);
    }

    [Fact]
    public void The_first_batch_is_converted_whatever_its_size_and_later_ones_must_fit()
    {
        byte[] batches = [.. CreateBatch(CompressionCodec.None, 40), .. CreateBatch(CompressionCodec.None, 44)];
        LegacyDownConversion conversion = LegacyMessageSet.DownConvert(batches, new LegacyDownConversionRules { MaxBytes = 10 });
        using PooledBuffer messages = TakeMessages(conversion);
        Assert.Equal(GoldenFile.Read("v1-none").Length, messages.Length);
        Assert.Equal(44, conversion.NextOffset);
    }

    [Fact]
    public void Records_that_grow_beyond_the_limit_are_too_large()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = CompressionCodec.Gzip });
        for (int index = 0; index < 10_000; index++)
        {
            builder.Append(0, NullableBytes.Null, NullableBytes.Null);
        }

        int uncompressed = builder.SizeInBytes;
        Memory<byte> batch = builder.Build();
        var rules = new LegacyDownConversionRules { DecompressionLimits = new DecompressionLimits(uncompressed, int.MaxValue, 0) };
        Assert.Equal(ErrorCode.MessageTooLarge, LegacyMessageSet.DownConvert(batch, rules).Error);
        using PooledBuffer messages = TakeMessages(LegacyMessageSet.DownConvert(batch, new LegacyDownConversionRules()));
        Assert.True(messages.Length > 0);
    }

    [Fact]
    public void Append_time_is_marked_and_carried_in_v1()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { LogAppendTime = 777 });
        builder.Append(5, "k"u8, "v"u8);
        LegacyDownConversion conversion = LegacyMessageSet.DownConvert(builder.Build(), new LegacyDownConversionRules());
        using PooledBuffer messages = TakeMessages(conversion);
        Assert.Equal((8, 777L), (messages.Span[17], BinaryPrimitives.ReadInt64BigEndian(messages.Span[18..])));
    }

    [Fact]
    public void A_wrong_checksum_is_corruption_outside_and_inside_of_a_wrapper()
    {
        byte[] broken = GoldenFile.Read("v1-none");
        broken[30] ^= 1;
        AssertRefused(ErrorCode.CorruptMessage, broken);
        AssertRefused(ErrorCode.CorruptMessage, Wrap(1, broken));
    }

    [Fact]
    public void Compression_within_compression_is_refused() =>
        AssertRefused(ErrorCode.InvalidRecord, Wrap(1, Wrap(1, GoldenFile.Read("v1-none"))));

    [Fact]
    public void Magics_must_agree_outside_and_inside()
    {
        AssertRefused(ErrorCode.InvalidRecord, [.. GoldenFile.Read("v0-none"), .. GoldenFile.Read("v1-none")]);
        AssertRefused(ErrorCode.InvalidRecord, Wrap(1, GoldenFile.Read("v0-none")));
        AssertRefused(ErrorCode.InvalidRecord, GoldenFile.Read("v2-none"));
    }

    [Fact]
    public void A_compressed_message_stands_alone()
    {
        AssertRefused(ErrorCode.InvalidRecord, [.. GoldenFile.Read("v1-gzip"), .. GoldenFile.Read("v1-gzip")]);
        AssertRefused(ErrorCode.InvalidRecord, [.. GoldenFile.Read("v1-none"), .. GoldenFile.Read("v1-gzip")]);
        AssertRefused(ErrorCode.InvalidRecord, Wrap(1, []));
    }

    [Fact]
    public void A_cut_message_at_the_end_is_left_out_and_an_empty_set_refused()
    {
        byte[] messages = GoldenFile.Read("v1-none");
        using PooledBuffer batch = UpConvert(messages[..^1], CompressionCodec.None);
        RecordBatchBuilderTests.AssertHolds(GoldenRecords.Create(1, isCompressed: false)[..3], batch.Memory);
        AssertRefused(ErrorCode.InvalidRecord, messages[..20]);
        AssertRefused(ErrorCode.InvalidRecord, []);
        AssertRefused(ErrorCode.InvalidRecord, Wrap(1, messages[..^1]));
    }

    [Fact]
    public void A_size_that_cannot_be_true_is_corruption()
    {
        byte[] messages = GoldenFile.Read("v1-none");
        BinaryPrimitives.WriteInt32BigEndian(messages.AsSpan(8), 13);
        AssertRefused(ErrorCode.CorruptMessage, messages);
        BinaryPrimitives.WriteInt32BigEndian(messages.AsSpan(8), -1);
        AssertRefused(ErrorCode.CorruptMessage, messages);
    }

    [Fact]
    public void The_append_time_flag_is_not_for_clients()
    {
        byte[] messages = GoldenFile.Read("v1-gzip");
        messages[17] |= 8;
        Seal(messages);
        AssertRefused(ErrorCode.InvalidTimestamp, messages);
    }

    [Fact]
    public void Zstandard_and_unknown_codecs_are_unsupported()
    {
        foreach (byte codec in (byte[])[4, 5, 7])
        {
            byte[] messages = GoldenFile.Read("v1-gzip");
            messages[17] = codec;
            Seal(messages);
            AssertRefused(ErrorCode.UnsupportedCompressionType, messages);
        }
    }

    [Fact]
    public void The_batch_can_be_compressed_otherwise()
    {
        LegacyUpConversion conversion = LegacyMessageSet.UpConvert(
            GoldenFile.Read("v1-gzip"), CompressionCodec.Zstd, DecompressionLimits.Default);
        Assert.NotNull(conversion.Batch);
        using PooledBuffer batch = conversion.Batch;
        Assert.True(RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header));
        Assert.Equal(CompressionCodec.Zstd, header.Codec);
        RecordBatchBuilderTests.AssertHolds(GoldenRecords.Create(1, isCompressed: true), batch.Memory);
    }

    [Fact]
    public void Any_records_survive_the_way_down_and_up()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], RecordBatchBuilderTests.GenRecords).Sample((codec, magic, records) =>
        {
            using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = (CompressionCodec)codec, BaseOffset = 1_000 });
            foreach (TestRecord record in records)
            {
                builder.Append(record.Timestamp, record.Key, record.Value, record.Headers);
            }

            LegacyDownConversion conversion = LegacyMessageSet.DownConvert(builder.Build(), new LegacyDownConversionRules { Magic = (byte)magic });
            using PooledBuffer messages = TakeMessages(conversion);
            using PooledBuffer batch = UpConvert(messages.Span.ToArray(), (CompressionCodec)codec);
            TestRecord[] expected = [.. records.Select(record => record with { Headers = [], Timestamp = magic == 0 ? -1 : record.Timestamp })];
            RecordBatchBuilderTests.AssertHolds(expected, batch.Memory);
        });
    }

    [Fact]
    public void Mutated_sets_never_throw()
    {
        string[] names = ["v0-none", "v1-none", "v0-gzip", "v1-snappy", "v0-lz4", "v1-lz4"];
        Gen.Select(Gen.Int[0, names.Length - 1], Gen.Select(Gen.Int[0, 6_000], Gen.Byte).Array[1, 4], Gen.Bool).Sample((name, mutations, seal) =>
        {
            byte[] messages = GoldenFile.Read(names[name]);
            foreach ((int position, byte value) in mutations)
            {
                messages[position % messages.Length] = value;
            }

            if (seal)
            {
                Seal(messages);
            }

            LegacyUpConversion conversion = LegacyMessageSet.UpConvert(messages, targetCodec: null, DecompressionLimits.Default);
            Assert.Equal(conversion.Error == ErrorCode.None, conversion.Batch is not null);
            conversion.Batch?.Dispose();
        });
    }

    private static PooledBuffer UpConvert(byte[] messages, CompressionCodec expectedCodec)
    {
        LegacyUpConversion conversion = LegacyMessageSet.UpConvert(messages, targetCodec: null, DecompressionLimits.Default);
        Assert.Equal((ErrorCode.None, null), (conversion.Error, conversion.Message));
        Assert.NotNull(conversion.Batch);
        Assert.True(RecordBatchHeader.TryRead(conversion.Batch.Span, out RecordBatchHeader header));
        Assert.Equal(expectedCodec, header.Codec);
        return conversion.Batch;
    }

    private static PooledBuffer TakeMessages(in LegacyDownConversion conversion)
    {
        Assert.NotNull(conversion.Messages);
        return conversion.Messages;
    }

    private static void AssertRefused(ErrorCode error, byte[] messages)
    {
        LegacyUpConversion conversion = LegacyMessageSet.UpConvert(messages, targetCodec: null, DecompressionLimits.Default);
        Assert.Equal(error, conversion.Error);
        Assert.False(string.IsNullOrEmpty(conversion.Message));
        Assert.Null(conversion.Batch);
    }

    private static byte[] CreateBatch(CompressionCodec codec, long baseOffset)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = codec, BaseOffset = baseOffset });
        foreach (TestRecord record in GoldenRecords.Create(magic: 2, codec != CompressionCodec.None))
        {
            builder.Append(record.Timestamp, record.Key, record.Value, record.Headers);
        }

        return builder.Build().ToArray();
    }

    private static List<long> InnerOffsets(byte magic)
    {
        LegacyDownConversion conversion = LegacyMessageSet.DownConvert(
            CreateBatch(CompressionCodec.Gzip, baseOffset: 40), new LegacyDownConversionRules { Magic = magic });
        using PooledBuffer messages = TakeMessages(conversion);
        byte[] value = messages.Span[(magic == 0 ? 26 : 34)..].ToArray();
        using PooledBuffer inner = RecordCompression.Decompress(CompressionCodec.Gzip, value, DecompressionLimits.Default);
        var offsets = new List<long>();
        for (int position = 0; position < inner.Length; position += 12 + BinaryPrimitives.ReadInt32BigEndian(inner.Span[(position + 8)..]))
        {
            offsets.Add(BinaryPrimitives.ReadInt64BigEndian(inner.Span[position..]));
        }

        return offsets;
    }

    /// <summary>One gzip message around <paramref name="inner"/>.</summary>
    private static byte[] Wrap(byte magic, byte[] inner)
    {
        using PooledBuffer compressed = RecordCompression.Compress(CompressionCodec.Gzip, level: null, inner);
        int keyAt = magic == 0 ? 18 : 26;
        byte[] message = new byte[keyAt + 8 + compressed.Length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(8), message.Length - 12);
        message[16] = magic;
        message[17] = (byte)CompressionCodec.Gzip;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(keyAt), -1);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(keyAt + 4), compressed.Length);
        compressed.Span.CopyTo(message.AsSpan(keyAt + 8));
        Seal(message);
        return message;
    }

    private static void Seal(byte[] message)
    {
        int size = Math.Clamp(BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(8)) + 12, 16, message.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(12), Crc32.HashToUInt32(message.AsSpan(16..size)));
    }
}
