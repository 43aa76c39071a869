namespace Ottla.Records.Tests;

public sealed class RecordBatchHeaderTests
{
    [Fact]
    public void A_header_needs_61_bytes_and_magic_2()
    {
        byte[] batch = TestBatch.Create();
        Assert.True(RecordBatchHeader.TryRead(batch.AsSpan(0, 61), out _));
        Assert.False(RecordBatchHeader.TryRead(batch.AsSpan(0, 60), out _));
        batch[16] = 1;
        Assert.False(RecordBatchHeader.TryRead(batch, out _));
    }

    [Fact]
    public void Fields_that_cannot_be_true_make_no_header()
    {
        AssertNoHeader(header => header with { BatchLength = 48 });
        AssertNoHeader(header => header with { BatchLength = -1 });
        AssertNoHeader(header => header with { BatchLength = int.MaxValue });
        AssertNoHeader(header => header with { LastOffsetDelta = -1 });
        AssertNoHeader(header => header with { RecordCount = -1 });
        AssertNoHeader(header => header with { BaseOffset = -1 });
        AssertNoHeader(header => header with { BaseOffset = long.MaxValue - 1 });
    }

    [Fact]
    public void Every_field_survives_writing_and_reading()
    {
        var header = new RecordBatchHeader
        {
            BaseOffset = 0x0102_0304_0506_0708,
            BatchLength = 0x1112_1314,
            PartitionLeaderEpoch = 0x2122_2324,
            Magic = 2,
            Crc = 0x3132_3334,
            Attributes = 0x4142,
            LastOffsetDelta = 0x5152_5354,
            BaseTimestamp = 0x6162_6364_6566_6768,
            MaxTimestamp = 0x7172_7374_7576_7778,
            ProducerId = 0x0812_2334_4556_6778,
            ProducerEpoch = 0x0911,
            BaseSequence = 0x0A12_1314,
            RecordCount = 0x0B21_2223,
        };
        byte[] bytes = new byte[61];
        header.Write(bytes);
        Assert.Equal(header, RecordBatchHeader.ReadUnchecked(bytes));
        Assert.DoesNotContain((byte)0, bytes);
    }

    [Fact]
    public void Enumerator_stops_before_a_cut_batch()
    {
        byte[] one = TestBatch.Create(1);
        byte[] two = TestBatch.Create(2);
        byte[] bytes = [.. one, .. two, .. one[..^1]];
        var enumerator = new RecordBatchEnumerator(bytes);
        Assert.True(enumerator.MoveNext());
        Assert.True(enumerator.MoveNext());
        Assert.Equal(two, enumerator.Current.ToArray());
        Assert.Equal(2, enumerator.Header.RecordCount);
        Assert.False(enumerator.MoveNext());
        Assert.Equal(one.Length + two.Length, enumerator.Position);
    }

    private static void AssertNoHeader(Func<RecordBatchHeader, RecordBatchHeader> change) =>
        Assert.False(RecordBatchHeader.TryRead(TestBatch.Change(TestBatch.Create(), change), out _));
}
