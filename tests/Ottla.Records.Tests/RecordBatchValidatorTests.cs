using CsCheck;
using Ottla.Protocol;

namespace Ottla.Records.Tests;

public sealed class RecordBatchValidatorTests
{
    private static readonly BatchValidationRules Rules = new()
    {
        Now = TestBatch.Now,
        Partition = new TopicPartition("orders", new PartitionId(3)),
    };

    [Fact]
    public void A_batch_of_every_codec_is_accepted_and_described()
    {
        foreach (CompressionCodec codec in Enum.GetValues<CompressionCodec>())
        {
            byte[] batch = TestBatch.WithTimestamps(codec, 5, 9, 9, 7);
            BatchValidation shallow = RecordBatchValidator.Validate(batch, Rules);
            BatchValidation deep = RecordBatchValidator.Validate(batch, Rules with { ValidateCompressed = true });

            Assert.True(shallow.IsValid && deep.IsValid);
            Assert.Equal((9L, 9L), (shallow.MaxTimestamp, deep.MaxTimestamp));
            Assert.Equal(codec == CompressionCodec.None ? 1 : 3, shallow.OffsetDeltaOfMaxTimestamp);
            Assert.Equal(1, deep.OffsetDeltaOfMaxTimestamp);
            Assert.Equal(4, shallow.Header.RecordCount);
            Assert.False(shallow.NeedsMaxTimestamp);
            Assert.Empty(shallow.RecordErrors);
        }
    }

    [Fact]
    public void None_two_and_cut_batches_are_invalid()
    {
        byte[] batch = TestBatch.Create();
        AssertRefused(ErrorCode.InvalidRecord, []);
        AssertRefused(ErrorCode.InvalidRecord, [.. batch, .. batch]);
        AssertRefused(ErrorCode.InvalidRecord, [.. batch, 0]);
        for (int length = 1; length < batch.Length; length++)
        {
            AssertRefused(ErrorCode.InvalidRecord, batch[..length]);
        }
    }

    [Fact]
    public void An_empty_batch_is_invalid() =>
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Around([], count: 0));

    [Fact]
    public void Other_magics_are_refused()
    {
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Change(TestBatch.Create(), header => header with { Magic = 1 }));
        AssertRefused(ErrorCode.CorruptMessage, TestBatch.Change(TestBatch.Create(), header => header with { Magic = 3 }));
    }

    [Fact]
    public void Any_flipped_bit_behind_the_checksum_is_corruption()
    {
        byte[] batch = TestBatch.Create();
        for (int index = 17; index < batch.Length; index++)
        {
            byte[] flipped = [.. batch];
            flipped[index] ^= 0x40;
            ErrorCode error = RecordBatchValidator.Validate(flipped, Rules).Error;

            // An unknown codec is noticed before the checksum is.
            Assert.True(error is ErrorCode.CorruptMessage or ErrorCode.UnsupportedCompressionType, $"byte {index}: {error}");
        }
    }

    [Fact]
    public void A_length_below_the_header_is_corruption() =>
        AssertRefused(ErrorCode.CorruptMessage, TestBatch.Change(TestBatch.Create(), header => header with { BatchLength = 48 }));

    [Fact]
    public void A_length_that_overflows_is_refused() =>
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Change(TestBatch.Create(), header => header with { BatchLength = int.MaxValue }));

    [Fact]
    public void Count_must_be_the_last_offset_delta_plus_one()
    {
        byte[] batch = TestBatch.Create(3);
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Change(batch, header => header with { RecordCount = 4 }));
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Change(batch, header => header with { LastOffsetDelta = 3 }));
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Change(batch, header => header with { LastOffsetDelta = -1 }));
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Change(batch, header => header with { RecordCount = -3 }));
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Change(batch, header => header with { RecordCount = int.MinValue, LastOffsetDelta = int.MaxValue }));
    }

    [Fact]
    public void A_batch_above_the_topic_limit_is_too_large()
    {
        byte[] batch = TestBatch.Create();
        Assert.True(RecordBatchValidator.Validate(batch, Rules with { MaxMessageBytes = batch.Length }).IsValid);
        AssertRefused(ErrorCode.MessageTooLarge, batch, Rules with { MaxMessageBytes = batch.Length - 1 });
    }

    [Fact]
    public void A_client_may_not_write_control_records_or_claim_an_offset_or_the_append_time()
    {
        byte[] control = TestBatch.Create(options: new RecordBatchOptions { IsControl = true });
        byte[] offset = TestBatch.Create(options: new RecordBatchOptions { BaseOffset = 7 });
        byte[] appendTime = TestBatch.Create(options: new RecordBatchOptions { LogAppendTime = TestBatch.Now });
        AssertRefused(ErrorCode.InvalidRecord, control);
        AssertRefused(ErrorCode.InvalidRecord, offset);
        AssertRefused(ErrorCode.InvalidTimestamp, appendTime);

        BatchValidationRules own = Rules with { IsFromClient = false };
        Assert.True(RecordBatchValidator.Validate(control, own).IsValid);
        Assert.True(RecordBatchValidator.Validate(offset, own).IsValid);
        Assert.True(RecordBatchValidator.Validate(appendTime, own).IsValid);
    }

    [Fact]
    public void An_idempotent_batch_needs_epoch_and_sequence_number()
    {
        var idempotent = new RecordBatchOptions { ProducerId = new ProducerId(5), ProducerEpoch = 0, BaseSequence = 0 };
        Assert.True(RecordBatchValidator.Validate(TestBatch.Create(options: idempotent), Rules).IsValid);
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Create(options: idempotent with { BaseSequence = -1 }));
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Create(options: idempotent with { ProducerEpoch = -1 }));
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Create(options: new RecordBatchOptions { IsTransactional = true }));
    }

    [Fact]
    public void Codecs_that_are_unknown_or_too_new_for_the_request_are_unsupported()
    {
        byte[] unknown = TestBatch.Change(TestBatch.Create(), header => header with { Attributes = 5 });
        byte[] zstd = TestBatch.Create(codec: CompressionCodec.Zstd);
        AssertRefused(ErrorCode.UnsupportedCompressionType, unknown);
        AssertRefused(ErrorCode.UnsupportedCompressionType, zstd, Rules with { AllowZstd = false });
        Assert.True(RecordBatchValidator.Validate(TestBatch.Create(codec: CompressionCodec.Gzip), Rules with { AllowZstd = false }).IsValid);
    }

    [Fact]
    public void Timestamps_out_of_bounds_are_named_record_by_record()
    {
        long now = TestBatch.Now;
        BatchValidationRules bounded = Rules with { TimestampBeforeMaxMilliseconds = 100, TimestampAfterMaxMilliseconds = 10 };
        byte[] batch = TestBatch.WithTimestamps(CompressionCodec.None, now - 100, now - 101, now + 10, now + 11, -1);
        BatchValidation refused = RecordBatchValidator.Validate(batch, bounded);

        Assert.Equal(ErrorCode.InvalidTimestamp, refused.Error);
        Assert.Equal([1, 3], refused.RecordErrors.Select(error => error.BatchIndex));
        Assert.True(RecordBatchValidator.Validate(batch, bounded with { IsLogAppendTime = true }).IsValid);
    }

    [Fact]
    public void Timestamps_of_an_unopened_batch_are_bounded_by_its_header()
    {
        long now = TestBatch.Now;
        BatchValidationRules bounded = Rules with { TimestampBeforeMaxMilliseconds = 100, TimestampAfterMaxMilliseconds = 10 };
        AssertRefused(ErrorCode.InvalidTimestamp, TestBatch.WithTimestamps(CompressionCodec.Lz4, now, now + 11), bounded);
        AssertRefused(ErrorCode.InvalidTimestamp, TestBatch.WithTimestamps(CompressionCodec.Lz4, now - 101, now), bounded);
        Assert.True(RecordBatchValidator.Validate(TestBatch.WithTimestamps(CompressionCodec.Lz4, now - 100, now + 10), bounded).IsValid);
        Assert.True(RecordBatchValidator.Validate(TestBatch.WithTimestamps(CompressionCodec.Lz4, -1, -1), bounded).IsValid);
    }

    [Fact]
    public void Extreme_timestamps_do_not_overflow_the_bounds()
    {
        BatchValidationRules open = Rules with { TimestampAfterMaxMilliseconds = long.MaxValue };
        Assert.True(RecordBatchValidator.Validate(TestBatch.WithTimestamps(CompressionCodec.None, long.MaxValue), open).IsValid);
        AssertRefused(ErrorCode.InvalidTimestamp, TestBatch.WithTimestamps(CompressionCodec.None, long.MaxValue));
        AssertRefused(ErrorCode.InvalidTimestamp, TestBatch.WithTimestamps(CompressionCodec.None, long.MinValue));
    }

    [Fact]
    public void With_append_time_the_first_record_has_the_largest_timestamp()
    {
        BatchValidation validation = RecordBatchValidator.Validate(
            TestBatch.WithTimestamps(CompressionCodec.None, 1, 2, 3), Rules with { IsLogAppendTime = true });
        Assert.Equal((TestBatch.Now, 0), (validation.MaxTimestamp, validation.OffsetDeltaOfMaxTimestamp));
        Assert.False(validation.NeedsMaxTimestamp);
    }

    [Fact]
    public void A_wrong_maximum_timestamp_is_found_and_can_be_patched()
    {
        byte[] batch = TestBatch.Change(TestBatch.WithTimestamps(CompressionCodec.None, 4, 8), header => header with { MaxTimestamp = -1 });
        BatchValidation validation = RecordBatchValidator.Validate(batch, Rules);
        Assert.True(validation.IsValid && validation.NeedsMaxTimestamp);
        Assert.Equal((8L, 1), (validation.MaxTimestamp, validation.OffsetDeltaOfMaxTimestamp));

        RecordBatchPatch.SetMaxTimestamp(batch, validation.MaxTimestamp);
        Assert.False(RecordBatchValidator.Validate(batch, Rules).NeedsMaxTimestamp);
    }

    [Fact]
    public void Records_without_a_key_are_named_where_the_topic_is_compacted()
    {
        foreach (CompressionCodec codec in Enum.GetValues<CompressionCodec>())
        {
            using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = codec });
            builder.Append(1, NullableBytes.Null, "a"u8);
            builder.Append(1, ""u8, "b"u8);
            builder.Append(1, NullableBytes.Null, NullableBytes.Null);
            BatchValidation refused = RecordBatchValidator.Validate(builder.Build(), Rules with { IsCompacted = true });

            Assert.Equal(ErrorCode.InvalidRecord, refused.Error);
            Assert.Equal([0, 2], refused.RecordErrors.Select(error => error.BatchIndex));
            Assert.All(refused.RecordErrors, error => Assert.Contains("orders-3", error.Message, StringComparison.Ordinal));
            Assert.NotNull(refused.Message);
        }
    }

    [Fact]
    public void Offset_deltas_must_count_up_from_zero()
    {
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
        builder.AppendAt(0, 1, "k"u8, "v"u8);
        builder.AppendAt(2, 1, "k"u8, "v"u8);
        byte[] batch = TestBatch.Change(builder.Build().ToArray(), header => header with { LastOffsetDelta = 1 });
        BatchValidation refused = RecordBatchValidator.Validate(batch, Rules);
        Assert.Equal(ErrorCode.InvalidRecord, refused.Error);
        Assert.Equal(1, Assert.Single(refused.RecordErrors).BatchIndex);
    }

    [Fact]
    public void Malformed_records_are_invalid_whatever_the_checksum_says()
    {
        byte[] whole = TestBatch.Create(1)[RecordBatchHeader.SizeInBytes..];
        Assert.True(RecordBatchValidator.Validate(TestBatch.Around(whole, 1), Rules).IsValid);
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Around([.. whole, 0], 1));
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Around([.. whole, .. whole], 1));
        AssertRefused(ErrorCode.InvalidRecord, TestBatch.Around(whole, 2));
        for (int length = 0; length < whole.Length; length++)
        {
            AssertRefused(ErrorCode.InvalidRecord, TestBatch.Around(whole[..length], 1));
        }
    }

    [Fact]
    public void A_malformed_record_weighs_more_than_a_timestamp_out_of_bounds()
    {
        byte[] early = TestBatch.WithTimestamps(CompressionCodec.None, TestBatch.Now - 5)[RecordBatchHeader.SizeInBytes..];
        byte[] batch = TestBatch.Around([.. early, 0x20, 0], 2);
        BatchValidationRules bounded = Rules with { TimestampBeforeMaxMilliseconds = 0, Now = TestBatch.Now + 10_000 };
        AssertRefused(ErrorCode.InvalidTimestamp, TestBatch.Around(early, 1), bounded);
        AssertRefused(ErrorCode.InvalidRecord, batch, bounded);
    }

    [Fact]
    public void Very_many_bad_records_end_the_walk_early()
    {
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
        for (int index = 0; index < 50_000; index++)
        {
            builder.Append(1, NullableBytes.Null, NullableBytes.Null);
        }

        Memory<byte> batch = builder.Build();
        BatchValidation refused = RecordBatchValidator.Validate(batch, Rules with { IsCompacted = true });
        Assert.Equal(1_000, refused.RecordErrors.Count);
    }

    [Fact]
    public void A_valid_batch_costs_no_allocation()
    {
        byte[] batch = TestBatch.Create(1_000);
        BatchValidationRules rules = Rules;
        Assert.True(RecordBatchValidator.Validate(batch, rules).IsValid);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RecordBatchValidator.Validate(batch, rules);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Any_batch_that_was_built_is_accepted_with_its_first_largest_timestamp()
    {
        Gen.Select(RecordBatchBuilderTests.GenCodec, RecordBatchBuilderTests.GenRecords).Sample((codec, records) =>
        {
            using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = codec });
            foreach (TestRecord record in records)
            {
                builder.Append(record.Timestamp, record.Key, record.Value, record.Headers);
            }

            BatchValidation validation = RecordBatchValidator.Validate(
                builder.Build(), Rules with { ValidateCompressed = true, TimestampAfterMaxMilliseconds = long.MaxValue, MaxMessageBytes = int.MaxValue });
            long largest = records.Max(record => record.Timestamp);
            Assert.True(validation.IsValid && !validation.NeedsMaxTimestamp);
            Assert.Equal(largest, validation.MaxTimestamp);
            Assert.Equal(
                largest == -1 ? 0 : Array.FindIndex(records, record => record.Timestamp == largest), validation.OffsetDeltaOfMaxTimestamp);
            Assert.Equal(builder.OffsetDeltaOfMaxTimestamp, validation.OffsetDeltaOfMaxTimestamp);
        });
    }

    [Fact]
    public void Mutated_batches_with_a_right_checksum_never_throw()
    {
        Gen.Select(RecordBatchBuilderTests.GenCodec, Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 4]).Array[1, 4].Sample(mutations =>
        {
            byte[] batch = TestBatch.Create(6, mutations[0].Item1);
            foreach ((_, int position, byte value, _) in mutations)
            {
                batch[RecordBatchHeader.SizeInBytes + (position % (batch.Length - RecordBatchHeader.SizeInBytes))] = value;
            }

            batch = TestBatch.Change(batch, header => header);
            BatchValidation validation = RecordBatchValidator.Validate(batch, Rules with { ValidateCompressed = true, IsCompacted = true });
            Assert.True(validation.Error is ErrorCode.None or ErrorCode.InvalidRecord or ErrorCode.InvalidTimestamp or ErrorCode.MessageTooLarge);
        });
    }

    private static void AssertRefused(ErrorCode error, byte[] records) => AssertRefused(error, records, Rules);

    private static void AssertRefused(ErrorCode error, byte[] records, BatchValidationRules rules)
    {
        BatchValidation validation = RecordBatchValidator.Validate(records, rules);
        Assert.Equal(error, validation.Error);
        Assert.False(string.IsNullOrEmpty(validation.Message));
    }
}
