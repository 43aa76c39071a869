using Ottla.Client.Producing;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Client.Tests.Producing;

/// <summary>One partition's queue with a clock that stands still, and a broker that answers what a test says.</summary>
internal sealed class PartitionQueueScenario
{
    private static readonly TopicPartition Partition = new("topic", new PartitionId(0));

    private readonly PartitionQueue _queue;

    public PartitionQueueScenario(ProducerOptions? options = null, bool isIdempotent = true)
    {
        _queue = new PartitionQueue(
            Partition,
            options ?? new ProducerOptions { BatchSizeBytes = 1 },
            isIdempotent ? new ProducerIdentity(new ProducerId(7), 0) : ProducerIdentity.None);
    }

    public long Now { get; set; }

    public ValueTask<Delivery> Send(string value = "v")
    {
        var record = new ProducerRecord { Topic = Partition.Topic, Value = System.Text.Encoding.UTF8.GetBytes(value) };
        return _queue.AppendAsync(record, new AppendStamp(Now, 0, 100), isPosted: false, out _);
    }

    /// <summary>Sends a record that the test does not wait for.</summary>
    public void Post(string value = "v")
    {
        ValueTask<Delivery> delivery = Send(value);
        Assert.False(delivery.IsCompleted);
    }

    /// <summary>The next batch, encoded as it would be sent; null if none may go.</summary>
    public ProducerBatch? Take(out RecordBatchHeader header)
    {
        TimeSpan wait = Timeout.InfiniteTimeSpan;
        header = default;
        ProducerBatch? batch = _queue.TakeNext(new SendWindow(TimeProvider.System, Now, long.MaxValue), ref wait);
        if (batch is not null)
        {
            ReadOnlyMemory<byte> bytes = _queue.Encode(batch);
            Assert.True(RecordBatchHeader.TryRead(bytes.Span, out header));
            Assert.True(header.CrcMatches(bytes.Span));
        }

        return batch;
    }

    public ProducerBatch TakeOne(out RecordBatchHeader header)
    {
        ProducerBatch? batch = Take(out header);
        Assert.NotNull(batch);
        return batch;
    }

    public bool Answer(ProducerBatch batch, ErrorCode error, long baseOffset = -1, bool hasTime = true) =>
        _queue.Settle(batch, new BatchAnswer(error, baseOffset, "broker:9092", null), new RetryAllowance(hasTime, Now));
}
