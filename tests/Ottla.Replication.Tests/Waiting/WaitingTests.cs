using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Stored;
using Ottla.Replication.Partitions;
using Ottla.Replication.Tests.Support;
using Ottla.Replication.Waiting;

namespace Ottla.Replication.Tests.Waiting;

public sealed class WaitingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_produce_waits_until_its_record_is_committed()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self, ReplicationScenario.Other);
        PartitionAppend append = ReplicationScenario.Append(partition, "a");
        Task<ErrorCode> waiting = WaitAsync(scenario, partition, append.LastOffset);
        Assert.False(waiting.IsCompleted);

        await scenario.ApplyAsync(ReplicationScenario.LeaderChange("t", ReplicationScenario.Self, ReplicationScenario.Self));

        // The leader stayed, in a new epoch: what becomes of the record is for the producer to ask again.
        Assert.Contains(await waiting, new[] { ErrorCode.None, ErrorCode.FencedLeaderEpoch });
        Assert.Equal(0, partition.WaiterCount);
    }

    [Fact]
    public async Task A_produce_that_is_not_committed_in_time_is_told_so()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self, ReplicationScenario.Other);
        PartitionAppend append = ReplicationScenario.Append(partition, "a");
        Task<ErrorCode> waiting = WaitAsync(scenario, partition, append.LastOffset);

        scenario.Time.Advance(Second);

        Assert.Equal(ErrorCode.RequestTimedOut, await waiting);
    }

    [Fact]
    public async Task A_produce_that_waits_learns_that_the_leader_changed()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self, ReplicationScenario.Other);
        PartitionAppend append = ReplicationScenario.Append(partition, "a");
        Task<ErrorCode> waiting = WaitAsync(scenario, partition, append.LastOffset);

        await scenario.ApplyAsync(ReplicationScenario.LeaderChange("t", ReplicationScenario.Other));

        Assert.Equal(ErrorCode.FencedLeaderEpoch, await waiting);
    }

    [Fact]
    public async Task A_committed_record_is_not_waited_for()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);

        PartitionAppend append = ReplicationScenario.Append(partition, "a");

        Assert.True(WaitAsync(scenario, partition, append.LastOffset).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_fetch_wakes_when_enough_was_appended_to_all_its_partitions_together()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition first = await scenario.CreateTopicAsync("a", ReplicationScenario.Self);
        Partition second = await scenario.CreateTopicAsync("b", ReplicationScenario.Self);

        // A batch of one small record has 69 bytes, so it takes two.
        Task<bool> waiting = WaitingFetch.WaitAsync(
            [first, second], 100, static () => false, Second, scenario.Time, CancellationToken.None).AsTask();

        ReplicationScenario.Append(first, "x");
        Assert.False(waiting.IsCompleted);
        ReplicationScenario.Append(second, "x");

        Assert.True(await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal((0, 0), (first.WaiterCount, second.WaiterCount));
    }

    [Fact]
    public async Task A_fetch_does_not_sleep_through_what_came_before_it_was_set_up()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);
        long seen = partition.HighWatermark;
        ReplicationScenario.Append(partition, "a");

        Task<bool> waiting = WaitingFetch.WaitAsync(
            [partition], 1, () => partition.HighWatermark != seen, Second, scenario.Time, CancellationToken.None).AsTask();

        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_fetch_ends_when_its_time_is_up_and_when_its_client_is_gone()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);
        using var gone = new CancellationTokenSource();
        Task<bool> timed = WaitingFetch.WaitAsync([partition], 1, static () => false, Second, scenario.Time, CancellationToken.None).AsTask();
        Task<bool> cancelled = WaitingFetch.WaitAsync([partition], 1, static () => false, Second * 9, scenario.Time, gone.Token).AsTask();

        scenario.Time.Advance(Second);
        Assert.False(await timed);
        Assert.False(cancelled.IsCompleted);
        await gone.CancelAsync();

        Assert.True(await cancelled);
        Assert.Equal(0, partition.WaiterCount);
    }

    [Fact]
    public async Task A_deleted_partition_wakes_who_waits_for_it()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);
        Task<bool> waiting = WaitingFetch.WaitAsync([partition], 1_000_000, static () => false, Second, scenario.Time, CancellationToken.None).AsTask();

        await scenario.ApplyAsync(new MetadataRecord(MetadataRecordType.RemoveTopic, 0, new RemoveTopicRecord { TopicId = ReplicationScenario.IdOf("t") }));

        Assert.True(await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Many_fetches_wake_all()
    {
        const int Fetches = 100;
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);
        Task<bool>[] waiting = [.. Enumerable.Range(0, Fetches).Select(_ =>
            WaitingFetch.WaitAsync([partition], 1, static () => false, Second, scenario.Time, CancellationToken.None).AsTask())];

        ReplicationScenario.Append(partition, "a");

        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.Equal(0, partition.WaiterCount);
    }

    private static Task<ErrorCode> WaitAsync(ReplicationScenario scenario, Partition partition, long lastOffset) =>
        WaitingProduce.WaitAsync(partition, lastOffset, partition.LeaderEpoch, Second, scenario.Time, CancellationToken.None).AsTask();
}
