using Ottla.Protocol;

namespace Ottla.Records.Tests;

public sealed class RecordBatchPatchTests
{
    [Fact]
    public void Offset_and_epoch_lie_outside_the_checksum()
    {
        byte[] batch = TestBatch.Create();
        RecordBatchPatch.SetBaseOffset(batch, 1_234_567_890_123);
        RecordBatchPatch.SetPartitionLeaderEpoch(batch, 77);

        Assert.True(RecordBatchHeader.TryRead(batch, out RecordBatchHeader header));
        Assert.True(header.CrcMatches(batch));
        Assert.Equal((1_234_567_890_123, 77), (header.BaseOffset, header.PartitionLeaderEpoch));
    }

    [Fact]
    public void Append_time_changes_type_and_maximum_and_keeps_the_rest()
    {
        byte[] batch = TestBatch.Create(codec: CompressionCodec.Gzip, options: new RecordBatchOptions { IsTransactional = true, ProducerId = new ProducerId(1) });
        RecordBatchPatch.SetLogAppendTime(batch, 99);

        Assert.True(RecordBatchHeader.TryRead(batch, out RecordBatchHeader header));
        Assert.True(header.CrcMatches(batch));
        Assert.True(header.IsLogAppendTime && header.IsTransactional);
        Assert.Equal((CompressionCodec.Gzip, 99L, TestBatch.Now), (header.Codec, header.MaxTimestamp, header.BaseTimestamp));
        Assert.Equal(99, header.TimestampOf(5));
    }

    [Fact]
    public void Producer_fields_can_be_given_anew()
    {
        byte[] batch = TestBatch.Create();
        RecordBatchPatch.SetProducer(batch, 12, 3, int.MaxValue);

        Assert.True(RecordBatchHeader.TryRead(batch, out RecordBatchHeader header));
        Assert.True(header.CrcMatches(batch));
        Assert.Equal((12L, (short)3, int.MaxValue, 1), (header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.LastSequence));
    }
}
