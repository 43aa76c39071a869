using CsCheck;
using Ottla.Protocol;

namespace Ottla.Records.Tests;

public sealed class RecordBatchTranscoderTests
{
    [Fact]
    public void Records_and_header_fields_survive_every_change_of_codec()
    {
        Gen.Select(RecordBatchBuilderTests.GenCodec, RecordBatchBuilderTests.GenCodec, RecordBatchBuilderTests.GenRecords).Sample((from, to, records) =>
        {
            using var builder = new RecordBatchBuilder(new RecordBatchOptions
            {
                Codec = from,
                ProducerId = new ProducerId(8),
                ProducerEpoch = 1,
                BaseSequence = 2,
                IsTransactional = true,
            });
            foreach (TestRecord record in records)
            {
                builder.Append(record.Timestamp, record.Key, record.Value, record.Headers);
            }

            Memory<byte> batch = builder.Build();
            Assert.Equal(ErrorCode.None, RecordBatchTranscoder.TryRecompress(batch, to, level: null, DecompressionLimits.Default, out PooledBuffer? other));
            Assert.NotNull(other);
            using (other)
            {
                RecordBatchBuilderTests.AssertHolds(records, other.Memory);
                RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader before);
                RecordBatchHeader.TryRead(other.Span, out RecordBatchHeader after);
                Assert.Equal(to, after.Codec);
                Assert.Equal(before with { Attributes = 0, Crc = 0, BatchLength = 0 }, after with { Attributes = 0, Crc = 0, BatchLength = 0 });
                Assert.True(after.IsTransactional);
            }
        });
    }

    [Fact]
    public void Every_valid_level_can_be_asked_for()
    {
        byte[] batch = TestBatch.Create(200);
        foreach ((CompressionCodec codec, int[] levels) in ((CompressionCodec, int[])[])
            [
                (CompressionCodec.Gzip, [-1, 1, 9]), (CompressionCodec.Lz4, [1, 2, 9, 10, 17]), (CompressionCodec.Zstd, [-131072, -1, 1, 19]),
            ])
        {
            foreach (int level in levels)
            {
                Assert.True(RecordCompression.IsValidLevel(codec, level));
                Assert.Equal(ErrorCode.None, RecordBatchTranscoder.TryRecompress(batch, codec, level, DecompressionLimits.Default, out PooledBuffer? other));
                Assert.NotNull(other);
                using (other)
                {
                    Assert.True(RecordBatchValidator.Validate(other.Memory, new BatchValidationRules { Now = TestBatch.Now, ValidateCompressed = true }).IsValid);
                }
            }
        }
    }

    [Fact]
    public void Records_that_cannot_be_decompressed_are_an_error()
    {
        byte[] batch = TestBatch.Around([1, 2, 3], 1, CompressionCodec.Gzip);
        Assert.Equal(
            ErrorCode.CorruptMessage,
            RecordBatchTranscoder.TryRecompress(batch, CompressionCodec.Zstd, level: null, DecompressionLimits.Default, out PooledBuffer? other));
        Assert.Null(other);
    }
}
