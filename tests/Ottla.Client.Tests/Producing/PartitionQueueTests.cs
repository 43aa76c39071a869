using Ottla.Client.Producing;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Client.Tests.Producing;

public sealed class PartitionQueueTests
{
    [Fact]
    public async Task Batches_count_their_records_and_deliver_their_offsets()
    {
        var scenario = new PartitionQueueScenario(new ProducerOptions());
        ValueTask<Delivery> first = scenario.Send("a");
        ValueTask<Delivery> second = scenario.Send("b");
        ProducerBatch batch = scenario.TakeOne(out RecordBatchHeader header);
        Assert.Equal((7L, (short)0, 0, 2), (header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.RecordCount));

        Assert.True(scenario.Answer(batch, ErrorCode.None, baseOffset: 40));
        Assert.Equal(40, (await first).Offset);
        Assert.Equal(41, (await second).Offset);

        scenario.Post("c");
        scenario.TakeOne(out header);
        Assert.Equal(2, header.BaseSequence);
    }

    [Fact]
    public void At_most_five_batches_are_under_way()
    {
        var scenario = new PartitionQueueScenario();
        for (int index = 0; index < 6; index++)
        {
            scenario.Post();
        }

        for (int index = 0; index < 5; index++)
        {
            scenario.TakeOne(out RecordBatchHeader header);
            Assert.Equal(index, header.BaseSequence);
        }

        Assert.Null(scenario.Take(out _));
    }

    [Fact]
    public void A_failed_batch_goes_first_again_with_its_sequence_and_alone()
    {
        var scenario = new PartitionQueueScenario();
        scenario.Post("1");
        scenario.Post("2");
        scenario.Post("3");
        ProducerBatch first = scenario.TakeOne(out _);
        ProducerBatch second = scenario.TakeOne(out _);

        Assert.False(scenario.Answer(first, ErrorCode.NotLeaderOrFollower));
        Assert.Null(scenario.Take(out _)); // not before the second has come back
        Assert.False(scenario.Answer(second, ErrorCode.OutOfOrderSequenceNumber));

        Assert.Same(first, scenario.TakeOne(out RecordBatchHeader header));
        Assert.Equal(0, header.BaseSequence);
        Assert.Null(scenario.Take(out _)); // one at a time until one succeeds
        Assert.True(scenario.Answer(first, ErrorCode.None, baseOffset: 0));
        Assert.Same(second, scenario.TakeOne(out header));
        Assert.Equal(1, header.BaseSequence);
        scenario.TakeOne(out header);
        Assert.Equal(2, header.BaseSequence);
    }

    [Fact]
    public async Task A_batch_that_the_broker_has_already_counts_as_delivered()
    {
        var scenario = new PartitionQueueScenario();
        ValueTask<Delivery> delivery = scenario.Send();
        Assert.True(scenario.Answer(scenario.TakeOne(out _), ErrorCode.DuplicateSequenceNumber));
        Assert.Equal(-1, (await delivery).Offset);
    }

    [Fact]
    public async Task After_a_batch_that_fails_for_good_the_next_ones_count_from_zero_in_a_new_epoch()
    {
        var scenario = new PartitionQueueScenario();
        ValueTask<Delivery> lost = scenario.Send("1");
        scenario.Post("2");
        ProducerBatch first = scenario.TakeOne(out _);
        ProducerBatch second = scenario.TakeOne(out _);

        Assert.True(scenario.Answer(first, ErrorCode.MessageTooLarge));
        KafkaException failure = await Assert.ThrowsAsync<KafkaException>(async () => await lost);
        Assert.Equal(ErrorCode.MessageTooLarge, failure.Error);
        Assert.Equal("broker:9092", failure.Broker);
        Assert.Equal(ApiKey.Produce, failure.Api);

        Assert.False(scenario.Answer(second, ErrorCode.OutOfOrderSequenceNumber));
        Assert.Same(second, scenario.TakeOne(out RecordBatchHeader header));
        Assert.Equal(((short)1, 0), (header.ProducerEpoch, header.BaseSequence));
    }

    [Fact]
    public async Task The_oldest_batch_out_of_order_means_lost_records_and_fails()
    {
        var scenario = new PartitionQueueScenario();
        ValueTask<Delivery> delivery = scenario.Send();
        Assert.True(scenario.Answer(scenario.TakeOne(out _), ErrorCode.OutOfOrderSequenceNumber));
        await Assert.ThrowsAsync<KafkaException>(async () => await delivery);
    }

    [Fact]
    public void A_forgotten_producer_starts_over_in_a_new_epoch()
    {
        var scenario = new PartitionQueueScenario();
        scenario.Post();
        ProducerBatch batch = scenario.TakeOne(out _);
        Assert.False(scenario.Answer(batch, ErrorCode.UnknownProducerId));
        Assert.Same(batch, scenario.TakeOne(out RecordBatchHeader header));
        Assert.Equal(((short)1, 0), (header.ProducerEpoch, header.BaseSequence));
    }

    [Fact]
    public async Task Without_time_for_another_attempt_a_failure_that_may_pass_is_final()
    {
        var scenario = new PartitionQueueScenario();
        ValueTask<Delivery> delivery = scenario.Send();
        Assert.True(scenario.Answer(scenario.TakeOne(out _), ErrorCode.NotLeaderOrFollower, hasTime: false));
        Assert.True((await Assert.ThrowsAsync<KafkaException>(async () => await delivery)).IsRetriable);
    }

    [Fact]
    public void A_producer_that_is_not_idempotent_sends_no_sequence()
    {
        var scenario = new PartitionQueueScenario(isIdempotent: false);
        scenario.Post();
        scenario.TakeOne(out RecordBatchHeader header);
        Assert.Equal((-1L, (short)-1, -1), (header.ProducerId, header.ProducerEpoch, header.BaseSequence));
    }

    [Fact]
    public void A_lone_record_leaves_at_once_and_a_busy_partition_fills_its_batches()
    {
        var scenario = new PartitionQueueScenario(new ProducerOptions());
        scenario.Post("1");
        ProducerBatch first = scenario.TakeOne(out _);
        scenario.Post("2");
        scenario.Post("3");
        Assert.Null(scenario.Take(out _));

        scenario.Answer(first, ErrorCode.None, 0);
        scenario.TakeOne(out RecordBatchHeader header);
        Assert.Equal(2, header.RecordCount);
    }

    [Fact]
    public void With_a_linger_time_even_a_lone_record_waits()
    {
        var scenario = new PartitionQueueScenario(new ProducerOptions { Linger = TimeSpan.FromMilliseconds(10) });
        scenario.Post();
        Assert.Null(scenario.Take(out _));
        scenario.Now = TimeProvider.System.TimestampFrequency / 50;
        scenario.TakeOne(out _);
    }
}
