using Ottla.Coordination.Tests.Groups;
using Ottla.Core.Groups;
using Ottla.Core.Groups.Classic;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Coordination.Tests.Hosts;

/// <summary>What one bad request or a bad moment of the disk may do to the host of many groups: nothing that lasts.</summary>
public sealed class CoordinatorHostTests
{
    // Record formats of old versions hold strings of at most this many bytes; requests can bring longer ones.
    private static readonly string TooLong = new('x', short.MaxValue + 1);

    [Fact]
    public async Task A_record_that_cannot_be_written_fails_its_request_and_no_other()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();

        Assert.Equal(ErrorCode.UnknownServerError, await scenario.CommitAsync(1, groupId: TooLong));

        Assert.Equal(ErrorCode.None, await scenario.CommitAsync(2));
        Assert.Equal((ErrorCode.None, 2), await scenario.FetchAsync());
    }

    [Fact]
    public async Task A_group_whose_metadata_cannot_be_written_does_not_take_the_others_with_it()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        JoinGroupResponse joined = await scenario.Coordinator.JoinGroupAsync(
            new JoinGroupRequest
            {
                GroupId = "bad",
                ProtocolType = "consumer",
                SessionTimeoutMs = 10_000,
                RebalanceTimeoutMs = 60_000,
                Protocols = [new JoinGroupRequest.JoinGroupRequestProtocol { Name = TooLong }],
            },
            apiVersion: 3,
            new GroupClient(TooLong, "/127.0.0.1"),
            CancellationToken.None);

        SyncGroupResponse synced = await scenario.Coordinator.SyncGroupAsync(
            new SyncGroupRequest { GroupId = "bad", MemberId = joined.MemberId, GenerationId = joined.GenerationId },
            CancellationToken.None);

        Assert.Equal(ErrorCode.UnknownServerError, synced.ErrorCode);
        Assert.Equal(ErrorCode.None, await scenario.CommitAsync(2));
        scenario.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal((ErrorCode.None, 2), await scenario.FetchAsync());
    }

    [Fact]
    public async Task A_member_whose_group_cannot_be_stored_is_told_so_and_does_not_wait_for_ever()
    {
        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync();
        scenario.Log.AppendError = ErrorCode.KafkaStorageError;

        JoinGroupResponse refused = await scenario.JoinAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(ErrorCode.CoordinatorNotAvailable, refused.ErrorCode);
        scenario.Log.AppendError = ErrorCode.None;
        Assert.Equal(ErrorCode.None, (await scenario.JoinAsync()).ErrorCode);
    }

    [Fact]
    public async Task A_check_interval_without_end_is_no_check_without_end()
    {
        await using var scenario = new GroupCoordinatorScenario(options: new GroupOptions { OffsetsRetentionCheckIntervalMilliseconds = long.MaxValue });
        await scenario.LeadAsync();
        await scenario.CommitAsync(1);
        await scenario.Coordinator.ResignAsync(new PartitionId(0));
        var reading = new TaskCompletionSource();
        scenario.Log.ReadGate = reading.Task;
        Task leading = scenario.LeadAsync();
        scenario.Time.Advance(TimeSpan.FromSeconds(1));
        reading.SetResult();
        await leading;

        Task<ErrorCode> committing = scenario.CommitAsync(2);

        Assert.Equal(ErrorCode.None, await committing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }
}
