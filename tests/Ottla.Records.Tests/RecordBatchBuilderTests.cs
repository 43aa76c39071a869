using System.Text;
using CsCheck;
using Ottla.Protocol;

namespace Ottla.Records.Tests;

public sealed class RecordBatchBuilderTests
{
    [Fact]
    public void Header_says_what_the_options_and_the_records_say()
    {
        var options = new RecordBatchOptions
        {
            BaseOffset = 42,
            LeaderEpoch = new LeaderEpoch(7),
            ProducerId = new ProducerId(1000),
            ProducerEpoch = 3,
            BaseSequence = 11,
            IsTransactional = true,
        };
        using var builder = new RecordBatchBuilder(options);
        builder.Append(1_000, NullableBytes.Null, "a"u8);
        builder.Append(3_000, "k"u8, "b"u8);
        builder.Append(2_000, "k"u8, NullableBytes.Null);
        Memory<byte> batch = builder.Build();

        Assert.True(RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header));
        Assert.True(header.CrcMatches(batch.Span));
        Assert.Equal(batch.Length, header.TotalSizeInBytes);
        Assert.Equal((42L, 44L, 45L), (header.BaseOffset, header.LastOffset, header.NextOffset));
        Assert.Equal((7, 1000L, (short)3, 11, 13), (header.PartitionLeaderEpoch, header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.LastSequence));
        Assert.Equal((1_000L, 3_000L, 3), (header.BaseTimestamp, header.MaxTimestamp, header.RecordCount));
        Assert.True(header.IsTransactional && !header.IsControl && !header.IsLogAppendTime && !header.HasDeleteHorizon);
        Assert.Equal(1, builder.OffsetDeltaOfMaxTimestamp);
    }

    [Fact]
    public void Any_records_come_back_from_every_codec()
    {
        Gen.Select(GenCodec, GenRecords).Sample((codec, records) =>
        {
            using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = codec, InitialCapacityInBytes = 1 });
            foreach (TestRecord record in records)
            {
                builder.Append(record.Timestamp, record.Key, record.Value, record.Headers);
            }

            AssertHolds(records, builder.Build());
        });
    }

    [Fact]
    public void Reset_starts_an_independent_batch_in_the_same_memory()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = CompressionCodec.Zstd });
        builder.Append(5, "k"u8, new byte[5000]);
        builder.Build();
        builder.Reset(RecordBatchOptions.Default);
        builder.Append(9, NullableBytes.Null, "v"u8);
        Memory<byte> batch = builder.Build();

        AssertHolds([new TestRecord(9, null, "v"u8.ToArray(), [])], batch);
    }

    [Fact]
    public void Offsets_with_gaps_keep_their_place()
    {
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
        builder.AppendAt(3, 10, "a"u8, "1"u8);
        builder.AppendAt(9, 20, "b"u8, "2"u8);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.AppendAt(9, 30, "c"u8, "3"u8));
        Memory<byte> batch = builder.Build();

        Assert.True(RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header));
        Assert.Equal((9, 2), (header.LastOffsetDelta, header.RecordCount));
        var deltas = new List<int>();
        foreach (RecordView record in new RecordEnumerator(batch.Span[RecordBatchHeader.SizeInBytes..], header.RecordCount))
        {
            deltas.Add(record.OffsetDelta);
        }

        Assert.Equal([3, 9], deltas);
    }

    [Fact]
    public void A_built_batch_takes_no_more_records()
    {
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
        Assert.Throws<InvalidOperationException>(() => builder.Build());
        builder.Append(1, NullableBytes.Null, "v"u8);
        builder.Build();
        Assert.Throws<InvalidOperationException>(() => builder.Append(1, NullableBytes.Null, "v"u8));
    }

    [Fact]
    public void Upper_bound_covers_every_record()
    {
        GenRecords.Sample(records =>
        {
            using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
            foreach (TestRecord record in records)
            {
                int before = builder.SizeInBytes;
                builder.Append(record.Timestamp, record.Key, record.Value, record.Headers);
                long bound = RecordBatchBuilder.UpperBoundOfRecord(record.Key?.Length ?? 0, record.Value?.Length ?? 0, record.Headers);
                Assert.True(builder.SizeInBytes - before <= bound);
            }
        });
    }

    [Fact]
    public void Appending_allocates_nothing_per_record()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { InitialCapacityInBytes = 1 << 20 });
        byte[] value = new byte[100];
        builder.Append(1, "key"u8, value);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int index = 0; index < 1_000; index++)
        {
            builder.Append(index, "key"u8, value);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static Gen<CompressionCodec> GenCodec { get; } = Gen.Int[0, 4].Select(value => (CompressionCodec)value);

    internal static Gen<TestRecord[]> GenRecords { get; } = Gen.Select(
            Gen.OneOf(Gen.Const(-1L), Gen.Long[0, 4_000_000_000_000L]),
            GenNullableBytes,
            GenNullableBytes,
            Gen.Select(Gen.String, GenNullableBytes, (key, value) => new RecordHeader(key, AsMemory(value))).Array[0, 3],
            (timestamp, key, value, headers) => new TestRecord(timestamp, key, value, headers))
        .Array[1, 40];

    private static Gen<byte[]?> GenNullableBytes => Gen.Frequency<byte[]?>(
        (1, Gen.Const((byte[]?)null)),
        (4, Gen.Byte.Array[0, 300].Select(bytes => (byte[]?)bytes)),
        (2, Gen.Select(Gen.Byte, Gen.Int[0, 40_000], (filler, length) => (byte[]?)Enumerable.Repeat(filler, length).ToArray())));

    internal static void AssertHolds(TestRecord[] expected, ReadOnlyMemory<byte> batch)
    {
        Assert.True(RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header));
        Assert.True(header.CrcMatches(batch.Span));
        Assert.Equal((expected.Length, expected.Length - 1), (header.RecordCount, header.LastOffsetDelta));
        Assert.Equal(expected.Max(record => record.Timestamp), header.MaxTimestamp);
        using PooledBuffer bytes = RecordCompression.Decompress(
            header.Codec, batch[RecordBatchHeader.SizeInBytes..], DecompressionLimits.Default);
        int index = 0;
        foreach (RecordView record in new RecordEnumerator(bytes.Span, header.RecordCount))
        {
            TestRecord wanted = expected[index];
            Assert.Equal(index, record.OffsetDelta);
            Assert.Equal(wanted.Timestamp, header.TimestampOf(record.TimestampDelta));
            Assert.Equal(wanted.Key, record.HasKey ? record.Key.ToArray() : null);
            Assert.Equal(wanted.Value, record.HasValue ? record.Value.ToArray() : null);
            AssertHeaders(wanted.Headers, record);
            index++;
        }

        Assert.Equal(expected.Length, index);
    }

    private static void AssertHeaders(RecordHeader[] expected, in RecordView record)
    {
        Assert.Equal(expected.Length, record.HeaderCount);
        int index = 0;
        foreach (RecordHeaderView header in record.Headers)
        {
            Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(expected[index].Key)), header.KeyText);
            Assert.Equal(expected[index].Value?.ToArray(), header.Value.IsNull ? null : header.Value.Span.ToArray());
            index++;
        }

        Assert.Equal(expected.Length, index);
    }

    private static ReadOnlyMemory<byte>? AsMemory(byte[]? bytes) => bytes is null ? null : bytes.AsMemory();
}
