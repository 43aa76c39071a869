using Ottla.Protocol;
using Ottla.Storage.Logs;
using Ottla.Storage.Producers;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

public sealed class ProducerSequenceTests
{
    private const long Producer = 42;

    private static Task<LogScenario> OpenAsync(LogOptions? options = null) => new LogScenario(options: options).OpenAsync();

    [Fact]
    public async Task A_retry_of_one_of_the_last_five_batches_answers_its_original_offsets()
    {
        LogScenario scenario = await OpenAsync();
        for (int sequence = 0; sequence < 20; sequence += 2)
        {
            scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence, count: 2));
        }

        for (int sequence = 10; sequence < 20; sequence += 2)
        {
            LogAppend retry = scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence, count: 2));
            Assert.Equal((ErrorCode.None, true, sequence, sequence + 1), (retry.Error, retry.IsDuplicate, retry.BaseOffset, retry.LastOffset));
        }

        Assert.Equal(20, scenario.Log.LogEndOffset);
    }

    [Fact]
    public async Task A_retry_that_is_older_than_the_last_five_batches_is_called_a_duplicate()
    {
        LogScenario scenario = await OpenAsync();
        for (int sequence = 0; sequence < 6; sequence++)
        {
            scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence));
        }

        Assert.Equal(ErrorCode.DuplicateSequenceNumber, scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 0)).Error);
        Assert.Equal(6, scenario.Log.LogEndOffset);
    }

    [Fact]
    public async Task A_gap_in_the_sequence_is_refused()
    {
        LogScenario scenario = await OpenAsync();
        scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 0));

        LogAppend gap = scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 2));

        Assert.Equal((ErrorCode.OutOfOrderSequenceNumber, -1), (gap.Error, gap.BaseOffset));
        Assert.Equal(1, scenario.Log.LogEndOffset);
    }

    [Fact]
    public async Task A_batch_that_overlaps_a_remembered_one_is_refused()
    {
        LogScenario scenario = await OpenAsync();
        scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 0, count: 4));

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 2, count: 4)).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 0, count: 2)).Error);
    }

    [Fact]
    public async Task An_unknown_producer_may_begin_at_any_sequence()
    {
        LogScenario scenario = await OpenAsync();

        Assert.Equal(ErrorCode.None, scenario.Append(Batches.FromProducer(Producer, epoch: 3, sequence: 1234)).Error);
        Assert.Equal(ErrorCode.None, scenario.Append(Batches.FromProducer(Producer, epoch: 3, sequence: 1235)).Error);
    }

    [Fact]
    public async Task A_lower_epoch_is_fenced_and_a_new_one_begins_at_sequence_zero()
    {
        LogScenario scenario = await OpenAsync();
        scenario.Append(Batches.FromProducer(Producer, epoch: 1, sequence: 0));

        Assert.Equal(ErrorCode.InvalidProducerEpoch, scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 1)).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, scenario.Append(Batches.FromProducer(Producer, epoch: 2, sequence: 1)).Error);
        Assert.Equal(ErrorCode.None, scenario.Append(Batches.FromProducer(Producer, epoch: 2, sequence: 0)).Error);
    }

    [Fact]
    public async Task Sequences_wrap_around_from_the_largest_integer_to_zero()
    {
        LogScenario scenario = await OpenAsync();
        scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: int.MaxValue - 1));

        LogAppend across = scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: int.MaxValue, count: 3));
        LogAppend after = scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 2));
        LogAppend retry = scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: int.MaxValue, count: 3));

        Assert.Equal((ErrorCode.None, 1, 3), (across.Error, across.BaseOffset, across.LastOffset));
        Assert.Equal((ErrorCode.None, 4), (after.Error, after.BaseOffset));
        Assert.Equal((true, 1, 3), (retry.IsDuplicate, retry.BaseOffset, retry.LastOffset));
    }

    [Fact]
    public async Task A_coordinators_batch_is_checked_for_its_epoch_only()
    {
        LogScenario scenario = await OpenAsync();
        scenario.Append(Batches.FromProducer(Producer, epoch: 1, sequence: 0));

        Assert.Equal(ErrorCode.None, scenario.Append(Batches.FromProducer(Producer, epoch: 1, sequence: 7), origin: AppendOrigin.Coordinator).Error);
        Assert.Equal(
            ErrorCode.InvalidProducerEpoch,
            scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 8), origin: AppendOrigin.Coordinator).Error);
    }

    [Fact]
    public async Task A_retry_is_recognised_after_a_kill_and_after_a_clean_stop()
    {
        LogScenario scenario = await OpenAsync();
        for (int sequence = 0; sequence < 5; sequence++)
        {
            scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence));
        }

        await scenario.KillAndReopenAsync();
        Assert.Equal((true, 1), Retry(1));
        await scenario.ReopenAsync();
        Assert.Equal((true, 4), Retry(4));

        (bool, long) Retry(int sequence)
        {
            LogAppend retry = scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence));
            return (retry.IsDuplicate, retry.BaseOffset);
        }
    }

    [Fact]
    public async Task A_silent_producer_is_forgotten_and_may_then_begin_anywhere()
    {
        LogScenario scenario = await OpenAsync();
        await scenario.Directories.StartAsync(CancellationToken.None);
        scenario.Append(Batches.FromProducer(Producer, epoch: 5, sequence: 0));

        scenario.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Single(scenario.Log.DescribeProducers());
        scenario.Clock.Advance(TimeSpan.FromHours(2));

        await WaitUntilAsync(() => scenario.Log.DescribeProducers().Count == 0);
        Assert.Equal(ErrorCode.None, scenario.Append(Batches.FromProducer(Producer, epoch: 0, sequence: 99)).Error);
    }

    [Fact]
    public async Task Producers_are_described_with_epoch_and_last_sequence()
    {
        LogScenario scenario = await OpenAsync();
        scenario.Append(Batches.FromProducer(Producer, epoch: 5, sequence: 0, count: 3));

        ActiveProducer producer = Assert.Single(scenario.Log.DescribeProducers());

        Assert.Equal(new ActiveProducer(new ProducerId(Producer), 5, 2, Batches.StartTimestamp + 2, -1, -1), producer);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (int attempt = 0; attempt < 10_000 && !condition(); attempt++)
        {
            await Task.Yield();
        }

        Assert.True(condition());
    }
}
