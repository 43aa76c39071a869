using System.Text;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Support;

/// <summary>A broker whose offsets topic exists, and one client that asks about groups.</summary>
internal sealed class GroupScenario : IAsyncDisposable
{
    private GroupScenario(BrokerScenario broker, TestClient client)
    {
        Broker = broker;
        Client = client;
    }

    public BrokerScenario Broker { get; }

    public TestClient Client { get; private set; }

    public int Port => Broker.EndPoint.Port;

    public static async Task<GroupScenario> StartAsync()
    {
        BrokerScenario broker = await BrokerScenario.StartAsync(("group.initial.rebalance.delay.ms", "0"));
        var scenario = new GroupScenario(broker, await broker.ConnectAsync());
        await scenario.AwaitCoordinatorAsync();
        return scenario;
    }

    public async Task RestartAsync()
    {
        await Client.DisposeAsync();
        await Broker.RestartAsync();
        Client = await Broker.ConnectAsync();
        await AwaitCoordinatorAsync();
    }

    public Task<FindCoordinatorResponse> FindCoordinatorAsync(sbyte type, string key, short version)
    {
        var request = new FindCoordinatorRequest { KeyType = version == 0 ? (sbyte)0 : type };
        if (version < 4)
        {
            request.Key = key;
        }
        else
        {
            request.CoordinatorKeys = [key];
        }

        return Client.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(request, version);
    }

    /// <summary>Joins, with the member id that the broker gives from version 4 on.</summary>
    public async Task<JoinGroupResponse> JoinAsync(string group, short version)
    {
        var request = new JoinGroupRequest
        {
            GroupId = group,
            SessionTimeoutMs = 10_000,
            ProtocolType = "consumer",
            Protocols = [new() { Name = "range", Metadata = "me"u8.ToArray() }],
        };
        if (version > 0)
        {
            request.RebalanceTimeoutMs = 10_000;
        }

        JoinGroupResponse response = await Client.AskAsync<JoinGroupRequest, JoinGroupResponse>(request, version);
        if (version < 4)
        {
            return response;
        }

        Assert.Equal(ErrorCode.MemberIdRequired, response.ErrorCode);
        request.MemberId = response.MemberId;
        return await Client.AskAsync<JoinGroupRequest, JoinGroupResponse>(request, version);
    }

    public Task<SyncGroupResponse> SyncAsync(string group, JoinGroupResponse joined, short version)
    {
        var request = new SyncGroupRequest
        {
            GroupId = group,
            GenerationId = joined.GenerationId,
            MemberId = joined.MemberId,
            Assignments = [new() { MemberId = joined.MemberId, Assignment = Encoding.UTF8.GetBytes("mine") }],
        };
        if (version >= 5)
        {
            request.ProtocolType = "consumer";
            request.ProtocolName = "range";
        }

        return Client.AskAsync<SyncGroupRequest, SyncGroupResponse>(request, version);
    }

    public async Task<ErrorCode> HeartbeatAsync(string group, JoinGroupResponse joined, int generation, short version) =>
        (await Client.AskAsync<HeartbeatRequest, HeartbeatResponse>(
            new HeartbeatRequest { GroupId = group, GenerationId = generation, MemberId = joined.MemberId }, version)).ErrorCode;

    public async Task<ErrorCode> LeaveAsync(string group, string memberId, short version)
    {
        var request = new LeaveGroupRequest { GroupId = group };
        if (version < 3)
        {
            request.MemberId = memberId;
        }
        else
        {
            request.Members = [new() { MemberId = memberId }];
        }

        LeaveGroupResponse response = await Client.AskAsync<LeaveGroupRequest, LeaveGroupResponse>(request, version);
        return response.ErrorCode == ErrorCode.None && version >= 3 ? Assert.Single(response.Members).ErrorCode : response.ErrorCode;
    }

    public Task<OffsetCommitResponse> CommitAsync(short version, params OffsetCommitRequest.OffsetCommitRequestTopic[] topics) =>
        Client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(new OffsetCommitRequest { GroupId = "billing", Topics = [.. topics] }, version);

    public async Task<(ErrorCode Error, long Offset, string? Metadata)> FetchOffsetAsync(string topic, Guid id, int partition, short version)
    {
        var request = new OffsetFetchRequest();
        if (version < 8)
        {
            request.GroupId = "billing";
            request.Topics = [new() { Name = topic, PartitionIndexes = [partition] }];
            OffsetFetchResponse response = await Client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(request, version);
            OffsetFetchResponse.OffsetFetchResponsePartition one = Assert.Single(Assert.Single(response.Topics).Partitions);
            return (one.ErrorCode, one.CommittedOffset, one.Metadata);
        }

        request.Groups = [new() { GroupId = "billing", Topics = [new() { Name = topic, TopicId = id, PartitionIndexes = [partition] }] }];
        OffsetFetchResponse.OffsetFetchResponseGroup group = Assert.Single(
            (await Client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(request, version)).Groups);
        OffsetFetchResponse.OffsetFetchResponsePartitions found = Assert.Single(Assert.Single(group.Topics).Partitions);
        return (found.ErrorCode, found.CommittedOffset, found.Metadata);
    }

    public async Task<ErrorCode> DeleteAsync(string group, short version) =>
        Assert.Single((await Client.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new DeleteGroupsRequest { GroupsNames = [group] }, version)).Results).ErrorCode;

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Broker.DisposeAsync();
    }

    // The first question makes the offsets topic, and what asks meanwhile is told to come back.
    private async Task AwaitCoordinatorAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await FindCoordinatorAsync(0, "billing", 3)).ErrorCode != ErrorCode.None
            || (await Client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(new OffsetFetchRequest { GroupId = "billing", Topics = [] }, 7)).ErrorCode != ErrorCode.None)
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
