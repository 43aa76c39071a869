using Ottla.Client.Consuming;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Client.Tests.Consuming;

public sealed class ConsumedBatchTests
{
    [Fact]
    public void Null_comes_back_as_null_and_empty_as_empty()
    {
        ConsumedBatch batch = Build(0, builder =>
        {
            builder.Append(5, NullableBytes.Null, NullableBytes.Null, [new RecordHeader("h", null)]);
            builder.Append(6, Array.Empty<byte>(), Array.Empty<byte>(), [new RecordHeader("h", ReadOnlyMemory<byte>.Empty)]);
            builder.Append(7, "k"u8.ToArray(), "value"u8.ToArray());
        });
        var records = new List<ConsumedRecord>();
        batch.CopyTo(records);

        Assert.Null(records[0].Key);
        Assert.Null(records[0].Value);
        Assert.Null(records[0].Headers[0].Value);
        Assert.Equal(0, records[1].Key?.Length);
        Assert.Equal(0, records[1].Value?.Length);
        Assert.Equal(0, records[1].Headers[0].Value?.Length);
        Assert.Equal("k"u8, records[2].Key!.Value.Span); // just written
        Assert.Equal("value"u8, records[2].Value!.Value.Span); // likewise
        Assert.Equal([(0L, 5L), (1L, 6L), (2L, 7L)], records.Select(record => (record.Offset, record.TimestampMilliseconds)));
    }

    [Fact]
    public void Records_before_the_position_are_left_out()
    {
        ConsumedBatch batch = Build(11, builder =>
        {
            builder.Append(0, NullableBytes.Null, "a"u8.ToArray());
            builder.Append(0, NullableBytes.Null, "b"u8.ToArray());
            builder.Append(0, NullableBytes.Null, "c"u8.ToArray());
        }, baseOffset: 10);
        var offsets = new List<long>();
        foreach (ConsumedRecordView record in batch)
        {
            offsets.Add(record.Offset);
        }

        Assert.Equal([11, 12], offsets);
        Assert.Equal(13, batch.NextOffset);
    }

    private static ConsumedBatch Build(long fromOffset, Action<RecordBatchBuilder> fill, long baseOffset = 0)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { BaseOffset = baseOffset });
        fill(builder);
        byte[] bytes = builder.Build().ToArray();
        Assert.True(RecordBatchHeader.TryRead(bytes, out RecordBatchHeader header));
        return new ConsumedBatch(new TopicPartition("t", new PartitionId(0)), header, bytes.AsMemory(RecordBatchHeader.SizeInBytes), fromOffset);
    }
}
