using Ottla.Coordination.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Coordination.Tests.Groups;

public sealed class GroupCoordinatorTests
{
    /// <summary>Trap 11: every broker calls itself coordinator.</summary>
    [Fact]
    public async Task A_group_whose_partition_another_broker_leads_is_not_served()
    {
        await using var scenario = new GroupCoordinatorScenario(partitionCount: 50);
        int partition = GroupPartitioning.PartitionFor(GroupCoordinatorScenario.GroupId, 50);
        await scenario.LeadAsync((partition + 1) % 50);
        Assert.Equal(ErrorCode.NotCoordinator, (await scenario.JoinAsync()).ErrorCode);
        Assert.Equal(ErrorCode.NotCoordinator, await scenario.HeartbeatAsync("m", 1));
        Assert.Equal(ErrorCode.NotCoordinator, await scenario.CommitAsync(1));
        Assert.Equal(ErrorCode.NotCoordinator, (await scenario.FetchAsync()).Error);
        Assert.Equal(
            ErrorCode.NotCoordinator, (await scenario.Coordinator.DescribeGroupAsync(GroupCoordinatorScenario.GroupId, 5)).ErrorCode);
        Assert.Empty((await scenario.Coordinator.ListGroupsAsync(new ListGroupsRequest())).Groups);
    }

    /// <summary>Trap 11: group offsets outside of the log.</summary>
    [Fact]
    public async Task The_next_leader_of_the_partition_finds_what_was_committed()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        Assert.Equal(ErrorCode.None, await scenario.CommitAsync(42));
        await scenario.Coordinator.ResignAsync(new PartitionId(0));
        Assert.Equal(ErrorCode.NotCoordinator, (await scenario.FetchAsync()).Error);
        await scenario.LeadAsync();
        Assert.Equal((ErrorCode.None, 42), await scenario.FetchAsync());
    }

    [Fact]
    public async Task Who_waits_in_a_rebalance_is_told_to_look_for_the_new_coordinator()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        JoinGroupResponse first = await scenario.JoinAsync();
        Task<JoinGroupResponse> second = scenario.JoinAsync().AsTask();
        Assert.Equal(ErrorCode.None, await scenario.CommitAsync(1, "other"));
        Assert.False(second.IsCompleted);
        await scenario.Coordinator.ResignAsync(new PartitionId(0));
        Assert.Equal(ErrorCode.NotCoordinator, (await second).ErrorCode);
        Assert.Equal(ErrorCode.NotCoordinator, await scenario.HeartbeatAsync(first.MemberId, 1));
    }

    [Fact]
    public async Task While_the_log_is_replayed_requests_are_told_to_come_back_and_heartbeats_that_all_is_well()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        await scenario.CommitAsync(7);
        await scenario.Coordinator.ResignAsync(new PartitionId(0));

        var gate = new TaskCompletionSource();
        scenario.Log.ReadGate = gate.Task;
        scenario.Coordinator.Lead(new PartitionId(0), scenario.Log);
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, (await scenario.FetchAsync()).Error);
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, await scenario.CommitAsync(8));
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, (await scenario.JoinAsync()).ErrorCode);
        Assert.Equal(ErrorCode.None, await scenario.HeartbeatAsync("m", 1));
        gate.SetResult();
        await scenario.Coordinator.WhenLoadedAsync();

        Assert.Equal((ErrorCode.None, 7), await scenario.FetchAsync());
    }

    [Fact]
    public async Task A_commit_that_cannot_be_appended_fails_and_is_not_seen()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        await scenario.CommitAsync(1);
        scenario.Log.AppendError = ErrorCode.KafkaStorageError;
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, await scenario.CommitAsync(2));
        Assert.Equal((ErrorCode.None, 1), await scenario.FetchAsync());
        scenario.Log.AppendError = ErrorCode.None;
        Assert.Equal(ErrorCode.None, await scenario.CommitAsync(3));
        Assert.Equal((ErrorCode.None, 3), await scenario.FetchAsync());
    }

    /// <summary>Trap 12: an offset read after an ambiguous commit returned the old offset.</summary>
    [Fact]
    public async Task An_offset_is_not_read_before_a_commit_that_is_under_way_is_decided()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        await scenario.CommitAsync(1);
        scenario.Log.HoldsCommits = true;
        Task<ErrorCode> committing = scenario.CommitAsync(2);
        Task<(ErrorCode Error, long Offset)> fetching = scenario.FetchAsync();
        Task<ErrorCode> heartbeat = scenario.HeartbeatAsync("m", 1);
        Assert.Equal(ErrorCode.UnknownMemberId, await heartbeat);
        Assert.False(committing.IsCompleted);
        Assert.False(fetching.IsCompleted);
        scenario.Log.Commit();
        Assert.Equal(ErrorCode.None, await committing);
        Assert.Equal((ErrorCode.None, 2), await fetching);
    }

    [Fact]
    public async Task A_commit_that_does_not_come_through_is_reported()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        scenario.Log.HoldsCommits = true;
        Task<ErrorCode> committing = scenario.CommitAsync(2);
        while (!committing.IsCompleted)
        {
            scenario.Log.Commit(ErrorCode.NotEnoughReplicasAfterAppend);
            await Task.Yield();
        }

        Assert.Equal(ErrorCode.CoordinatorNotAvailable, await committing);
    }

    [Fact]
    public async Task More_offsets_than_fit_into_a_batch_are_written_as_several()
    {
        await using var scenario = new GroupCoordinatorScenario();
        scenario.Log.MaxBatchBytes = 4_096;
        await scenario.LeadAsync();
        Assert.Equal(ErrorCode.None, await scenario.CommitAsync(5, partitions: 500));
        Assert.InRange(scenario.Log.BatchCount, 5, 50);
        Assert.Equal((ErrorCode.None, 5), await scenario.FetchAsync(partition: 499));
    }

    [Fact]
    public async Task A_record_that_no_batch_can_hold_is_refused()
    {
        await using var scenario = new GroupCoordinatorScenario();
        scenario.Log.MaxBatchBytes = 100;
        await scenario.LeadAsync();
        Assert.Equal(ErrorCode.InvalidCommitOffsetSize, await scenario.CommitAsync(5));
    }

    [Fact]
    public async Task A_silent_member_is_removed_when_its_time_is_over()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        JoinGroupResponse joined = await scenario.JoinAsync();
        await scenario.SyncAsync(joined.MemberId, 1);
        scenario.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(ErrorCode.None, await scenario.HeartbeatAsync(joined.MemberId, 1));
        scenario.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(ErrorCode.None, await scenario.HeartbeatAsync(joined.MemberId, 1));
        scenario.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(ErrorCode.UnknownMemberId, await scenario.HeartbeatAsync(joined.MemberId, 1));
    }

    [Fact]
    public async Task A_timer_whose_record_cannot_be_appended_is_tried_again()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        JoinGroupResponse joined = await scenario.JoinAsync();
        await scenario.SyncAsync(joined.MemberId, 1);
        scenario.Log.AppendError = ErrorCode.KafkaStorageError;
        scenario.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("Stable", (await scenario.Coordinator.DescribeGroupAsync(GroupCoordinatorScenario.GroupId, 6)).GroupState);
        scenario.Log.AppendError = ErrorCode.None;
        scenario.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Empty", (await scenario.Coordinator.DescribeGroupAsync(GroupCoordinatorScenario.GroupId, 6)).GroupState);
    }

    [Fact]
    public async Task Offsets_of_deleted_topics_are_forgotten()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        await scenario.CommitAsync(9);
        scenario.Coordinator.ForgetTopics(["t"]);
        Assert.Equal((ErrorCode.None, -1), await scenario.FetchAsync());
        await scenario.Coordinator.ResignAsync(new PartitionId(0));
        await scenario.LeadAsync();
        Assert.Equal((ErrorCode.None, -1), await scenario.FetchAsync());
    }
}
