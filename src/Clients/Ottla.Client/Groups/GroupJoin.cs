using Ottla.Client.Connections;
using Ottla.Client.Consuming;
using Ottla.Client.Groups.Assignment;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Groups;

/// <summary>One rebalance as one member goes through it: JoinGroup, the leader's assignment, SyncGroup.</summary>
internal sealed class GroupJoin
{
    /// <summary>Where the exception for MEMBER_ID_REQUIRED carries the id that the coordinator chose (KIP-394).</summary>
    public const string MemberIdKey = "MemberId";

    private const string ProtocolType = "consumer";

    private readonly Cluster _cluster;
    private readonly ConsumerOptions _options;
    private readonly string _groupId;
    private readonly CoordinatorFinder _coordinator;
    private readonly List<IPartitionAssignor> _assignors;

    public GroupJoin(Cluster cluster, ConsumerOptions options, string groupId, CoordinatorFinder coordinator)
    {
        _cluster = cluster;
        _options = options;
        _groupId = groupId;
        _coordinator = coordinator;
        _assignors = [.. options.AssignmentStrategies.Distinct().Select(ToAssignor)];
    }

    /// <summary>Partitions may stay only if every protocol that the group might agree on lets them (KIP-429).</summary>
    public bool IsCooperative => _assignors.TrueForAll(assignor => assignor.IsCooperative);

    /// <summary>Goes through one rebalance.</summary>
    /// <exception cref="KafkaException">What the coordinator answered; the caller decides whether to try again.</exception>
    public async ValueTask<JoinOutcome> RunAsync(
        GroupMemberIdentity identity, IReadOnlyList<string> topics, IReadOnlyCollection<TopicPartition> owned, CancellationToken cancellationToken)
    {
        BrokerConnection broker = await _coordinator.ConnectAsync(cancellationToken).ConfigureAwait(false);
        string brokerName = broker.Address.ToString();
        using LinkResponse<JoinGroupResponse> joined = await JoinAsync(broker, identity, topics, owned, cancellationToken).ConfigureAwait(false);
        JoinGroupResponse answer = joined.Message;
        if (answer.ErrorCode != ErrorCode.None)
        {
            KafkaException failure = KafkaException.Of(answer.ErrorCode, ApiKey.JoinGroup, brokerName, $"group {_groupId}");
            failure.Data[MemberIdKey] = answer.MemberId;
            throw failure;
        }

        identity = identity with { MemberId = answer.MemberId, GenerationId = answer.GenerationId };
        var sync = new SyncGroupRequest
        {
            GroupId = _groupId,
            GenerationId = answer.GenerationId,
            MemberId = answer.MemberId,
        };
        Dictionary<string, int>? counts = null;
        if (answer.Leader == answer.MemberId)
        {
            List<AssignmentMember> members = answer.Members
                .Select(member => ConsumerProtocol.ReadMember(member.MemberId, member.GroupInstanceId, member.Metadata))
                .ToList();
            counts = await CountPartitionsAsync(members, cancellationToken).ConfigureAwait(false);
            sync.Assignments = answer.SkipAssignment ? [] : ShareOut(answer.ProtocolName, members, counts);
        }

        return new JoinOutcome(identity, await SyncAsync(broker, sync, answer, identity, cancellationToken).ConfigureAwait(false), counts);
    }

    private static IPartitionAssignor ToAssignor(AssignmentStrategy strategy) => strategy switch
    {
        AssignmentStrategy.Range => new RangeAssignor(),
        AssignmentStrategy.RoundRobin => new RoundRobinAssignor(),
        AssignmentStrategy.CooperativeSticky => new CooperativeStickyAssignor(),
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "Not an assignment strategy."),
    };

    private ValueTask<LinkResponse<JoinGroupResponse>> JoinAsync(
        BrokerConnection broker,
        GroupMemberIdentity identity,
        IReadOnlyList<string> topics,
        IReadOnlyCollection<TopicPartition> owned,
        CancellationToken cancellationToken)
    {
        short version = broker.VersionOf<JoinGroupRequest>();
        byte[] metadata = ConsumerProtocol.WriteSubscription(topics, owned, identity.GenerationId);
        var request = new JoinGroupRequest
        {
            GroupId = _groupId,
            SessionTimeoutMs = (int)_options.SessionTimeout.TotalMilliseconds,
            RebalanceTimeoutMs = (int)_options.MaximumPollInterval.TotalMilliseconds,
            MemberId = identity.MemberId,
            GroupInstanceId = version >= 5 ? identity.GroupInstanceId : null,
            ProtocolType = ProtocolType,
            Protocols = _assignors
                .Select(assignor => new JoinGroupRequest.JoinGroupRequestProtocol { Name = assignor.Name, Metadata = metadata })
                .ToList(),
        };

        // The answer comes when all members have joined or the rebalance timeout has sent the others away.
        TimeSpan timeout = _options.MaximumPollInterval + _cluster.Options.RequestTimeout;
        return broker.CallAsync<JoinGroupRequest, JoinGroupResponse>(request, version, timeout, cancellationToken);
    }

    private async ValueTask<Dictionary<string, int>> CountPartitionsAsync(List<AssignmentMember> members, CancellationToken cancellationToken)
    {
        string[] topics = members.SelectMany(member => member.Topics).Distinct(StringComparer.Ordinal).ToArray();
        await _cluster.Metadata.LookUpAsync(topics, cancellationToken).ConfigureAwait(false);
        return topics.ToDictionary(topic => topic, topic => _cluster.Metadata.Current.FindTopic(topic)?.Partitions.Count ?? 0, StringComparer.Ordinal);
    }

    private List<SyncGroupRequest.SyncGroupRequestAssignment> ShareOut(string? protocol, List<AssignmentMember> members, Dictionary<string, int> counts)
    {
        IPartitionAssignor assignor = _assignors.Find(candidate => candidate.Name == protocol)
            ?? throw new KafkaException(
                ErrorCode.InconsistentGroupProtocol, $"Group {_groupId} chose the protocol {protocol}, which this member did not offer.");
        Dictionary<string, int> existing = counts.Where(topic => topic.Value > 0).ToDictionary(StringComparer.Ordinal);
        return assignor.Assign(members, existing)
            .Select(share => new SyncGroupRequest.SyncGroupRequestAssignment
            {
                MemberId = share.Key,
                Assignment = ConsumerProtocol.WriteAssignment(share.Value),
            })
            .ToList();
    }

    private async ValueTask<IReadOnlyList<TopicPartition>> SyncAsync(
        BrokerConnection broker,
        SyncGroupRequest request,
        JoinGroupResponse joined,
        GroupMemberIdentity identity,
        CancellationToken cancellationToken)
    {
        short version = broker.VersionOf<SyncGroupRequest>();
        request.GroupInstanceId = version >= 3 ? identity.GroupInstanceId : null;
        if (version >= 5)
        {
            request.ProtocolType = ProtocolType;
            request.ProtocolName = joined.ProtocolName;
        }

        TimeSpan timeout = _options.MaximumPollInterval + _cluster.Options.RequestTimeout;
        using LinkResponse<SyncGroupResponse> response = await broker
            .CallAsync<SyncGroupRequest, SyncGroupResponse>(request, version, timeout, cancellationToken)
            .ConfigureAwait(false);
        if (response.Message.ErrorCode != ErrorCode.None)
        {
            throw KafkaException.Of(response.Message.ErrorCode, ApiKey.SyncGroup, broker.Address.ToString(), $"group {_groupId}");
        }

        return ConsumerProtocol.TryReadAssignment(response.Message.Assignment, out List<TopicPartition> partitions)
            ? partitions
            : throw new KafkaException(ErrorCode.InconsistentGroupProtocol, $"The leader of group {_groupId} sent an assignment that cannot be read.");
    }
}
