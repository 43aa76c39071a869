using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ottla.Coordination.Groups;
using Ottla.Coordination.Tests.Hosts;
using Ottla.Core.Groups;
using Ottla.Core.Groups.Classic;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Coordination.Tests.Groups;

/// <summary>A group coordinator on logs in memory, in fake time.</summary>
internal sealed class GroupCoordinatorScenario : IAsyncDisposable
{
    public const string GroupId = "orders";
    private int _lastUuid;

    public GroupCoordinatorScenario(int partitionCount = 1, GroupOptions? options = null)
    {
        Coordinator = new GroupCoordinator(
            new GroupCoordinatorOptions { Groups = options ?? new GroupOptions { InitialRebalanceDelayMilliseconds = 0 } },
            () => new Guid(Interlocked.Increment(ref _lastUuid), 0, 0, new byte[8]),
            Time,
            NullLoggerFactory.Instance)
        {
            PartitionCount = partitionCount,
        };
    }

    public FakeTimeProvider Time { get; } = new();

    public GroupCoordinator Coordinator { get; }

    public MemoryCoordinatorLog Log { get; } = new();

    public ValueTask DisposeAsync() => Coordinator.DisposeAsync();

    /// <summary>Leads a partition and waits until it is loaded.</summary>
    public Task LeadAsync(int partition = 0, MemoryCoordinatorLog? log = null)
    {
        Coordinator.Lead(new PartitionId(partition), log ?? Log);
        return Coordinator.WhenLoadedAsync();
    }

    public ValueTask<JoinGroupResponse> JoinAsync(string memberId = "", short version = 3) => Coordinator.JoinGroupAsync(
        new JoinGroupRequest
        {
            GroupId = GroupId,
            MemberId = memberId,
            ProtocolType = "consumer",
            SessionTimeoutMs = 10_000,
            RebalanceTimeoutMs = 60_000,
            Protocols = [new JoinGroupRequest.JoinGroupRequestProtocol { Name = "range", Metadata = new byte[] { 1 } }],
        },
        version,
        new GroupClient("client", "/127.0.0.1"),
        CancellationToken.None);

    public ValueTask<SyncGroupResponse> SyncAsync(string memberId, int generation, params SyncGroupRequest.SyncGroupRequestAssignment[] assignments) =>
        Coordinator.SyncGroupAsync(new SyncGroupRequest { GroupId = GroupId, MemberId = memberId, GenerationId = generation, Assignments = [.. assignments] }, CancellationToken.None);

    public async Task<ErrorCode> HeartbeatAsync(string memberId, int generation) =>
        (await Coordinator.HeartbeatAsync(new HeartbeatRequest { GroupId = GroupId, MemberId = memberId, GenerationId = generation })).ErrorCode;

    public async Task<ErrorCode> CommitAsync(long offset, string groupId = GroupId, int partitions = 1)
    {
        OffsetCommitResponse response = await Coordinator.CommitOffsetsAsync(
            new OffsetCommitRequest
            {
                GroupId = groupId,
                Topics =
                [
                    new OffsetCommitRequest.OffsetCommitRequestTopic
                    {
                        Name = "t",
                        Partitions =
                        [
                            .. Enumerable.Range(0, partitions).Select(partition => new OffsetCommitRequest.OffsetCommitRequestPartition
                            {
                                PartitionIndex = partition,
                                CommittedOffset = offset,
                                CommittedMetadata = "",
                            }),
                        ],
                    },
                ],
            },
            apiVersion: 9);
        return response.Topics[0].Partitions[^1].ErrorCode;
    }

    public async Task<(ErrorCode Error, long Offset)> FetchAsync(string groupId = GroupId, int partition = 0)
    {
        OffsetFetchResponse.OffsetFetchResponseGroup group = await Coordinator.FetchOffsetsAsync(new OffsetFetchRequest.OffsetFetchRequestGroup
        {
            GroupId = groupId,
            Topics = [new OffsetFetchRequest.OffsetFetchRequestTopics { Name = "t", PartitionIndexes = [partition] }],
        });
        return group.ErrorCode == ErrorCode.None
            ? (ErrorCode.None, group.Topics[0].Partitions[0].CommittedOffset)
            : (group.ErrorCode, -1);
    }
}
