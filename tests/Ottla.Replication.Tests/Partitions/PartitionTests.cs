using Ottla.Protocol;
using Ottla.Replication.Partitions;
using Ottla.Replication.Tests.Support;

namespace Ottla.Replication.Tests.Partitions;

public sealed class PartitionTests
{
    [Fact]
    public async Task Alone_in_sync_the_leader_commits_what_it_appends()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);

        PartitionAppend append = ReplicationScenario.Append(partition, "a");

        Assert.Equal((ErrorCode.None, 0L, 1L), (append.Error, append.BaseOffset, partition.HighWatermark));
        Assert.Equal(1, partition.Log.HighWatermark);
    }

    [Fact]
    public async Task With_another_replica_in_sync_an_append_is_neither_committed_nor_read()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self, ReplicationScenario.Other);

        Assert.Equal(ErrorCode.None, ReplicationScenario.Append(partition, "a").Error);

        Assert.Equal((0L, 1L), (partition.HighWatermark, partition.Log.LogEndOffset));
        PartitionRead read = await partition.ReadAsync(0, 1000, atLeastOneBatch: true, TestContext.Current.CancellationToken);
        Assert.Equal((ErrorCode.None, 0), (read.Error, read.Records.Length));
    }

    [Fact]
    public async Task A_replica_that_falls_out_of_sync_lets_the_leader_commit()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self, ReplicationScenario.Other);
        ReplicationScenario.Append(partition, "a");

        await scenario.ApplyAsync(ReplicationScenario.LeaderChange("t", ReplicationScenario.Self, ReplicationScenario.Self));

        Assert.Equal(1, partition.HighWatermark);
    }

    [Fact]
    public async Task A_broker_that_does_not_lead_takes_nothing()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self, ReplicationScenario.Other);
        await scenario.ApplyAsync(ReplicationScenario.LeaderChange("t", ReplicationScenario.Other));

        Assert.Equal(ErrorCode.NotLeaderOrFollower, ReplicationScenario.Append(partition, "a").Error);
        Assert.Equal(0, partition.Log.LogEndOffset);
    }

    [Fact]
    public async Task Epochs_of_the_past_are_fenced_and_epochs_of_the_future_unknown()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self, ReplicationScenario.Other);
        await scenario.ApplyAsync(ReplicationScenario.LeaderChange("t", ReplicationScenario.Other));
        await scenario.ApplyAsync(ReplicationScenario.LeaderChange("t", ReplicationScenario.Self));
        int epoch = partition.LeaderEpoch.Value;

        Assert.True(epoch > 0);
        Assert.Equal(ErrorCode.None, partition.CheckLeader(LeaderEpoch.None));
        Assert.Equal(ErrorCode.None, partition.CheckLeader(new LeaderEpoch(epoch)));
        Assert.Equal(ErrorCode.FencedLeaderEpoch, partition.CheckLeader(new LeaderEpoch(epoch - 1)));
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, partition.CheckLeader(new LeaderEpoch(epoch + 1)));
    }

    [Fact]
    public async Task A_new_epoch_begins_at_the_end_of_the_log()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self, ReplicationScenario.Other);
        LeaderEpoch first = partition.LeaderEpoch;
        ReplicationScenario.Append(partition, "a");
        await scenario.ApplyAsync(ReplicationScenario.LeaderChange("t", ReplicationScenario.Other));
        await scenario.ApplyAsync(ReplicationScenario.LeaderChange("t", ReplicationScenario.Self));

        Assert.Equal((first, 1L), partition.Log.EndOffsetForEpoch(first));
        Assert.Equal(partition.LeaderEpoch, partition.Log.LatestEpoch);
    }

    [Fact]
    public async Task Reads_outside_of_the_log_are_told_so()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);
        ReplicationScenario.Append(partition, "a");
        ReplicationScenario.Append(partition, "b");
        Assert.Equal(ErrorCode.None, partition.Log.DeleteRecordsBefore(1));

        Assert.Equal(ErrorCode.OffsetOutOfRange, await ErrorAtAsync(0));
        Assert.Equal(ErrorCode.None, await ErrorAtAsync(1));
        Assert.Equal(ErrorCode.None, await ErrorAtAsync(2));
        Assert.Equal(ErrorCode.OffsetOutOfRange, await ErrorAtAsync(3));
        Assert.Equal(ErrorCode.OffsetOutOfRange, await ErrorAtAsync(3, maxBytes: 0));

        async Task<ErrorCode> ErrorAtAsync(long offset, int maxBytes = 1000)
        {
            PartitionRead read = await partition.ReadAsync(offset, maxBytes, atLeastOneBatch: maxBytes > 0, TestContext.Current.CancellationToken);
            read.Buffer?.Dispose();
            return read.Error;
        }
    }
}
