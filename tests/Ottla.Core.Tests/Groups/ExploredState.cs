using System.Globalization;
using System.Text;
using Ottla.Core.Groups;
using Ottla.Core.Groups.Classic;
using Ottla.Core.Groups.Offsets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Groups;

/// <summary>A machine with its timers, and the consumers around it. A step makes a new one.</summary>
internal sealed class ExploredState
{
    private const string GroupId = "g";
    private const int SessionTimeout = 6_000;
    private readonly GroupOptions _options;
    private readonly bool _areStatic;
    private readonly short _joinVersion;
    private readonly GroupStateMachine _machine;
    private readonly Dictionary<GroupTimer, long> _timers;
    private readonly ExploredClient[] _clients;
    private readonly HashSet<(string MemberId, int Generation)> _identities;
    private readonly List<string> _path;
    private GroupMetadataRecord? _stored;
    private long _now;
    private long _lastToken;
    private int _lastUuid;

    public ExploredState(GroupOptions options, int clients, bool areStatic, short joinVersion)
    {
        (_options, _areStatic, _joinVersion) = (options, areStatic, joinVersion);
        _machine = new GroupStateMachine(options);
        _timers = [];
        _clients = [.. Enumerable.Range(0, clients).Select(_ => new ExploredClient())];
        _identities = [];
        _path = [];
    }

    private ExploredState(ExploredState other, string step)
    {
        (_options, _areStatic, _joinVersion) = (other._options, other._areStatic, other._joinVersion);
        _machine = new GroupStateMachine(other._options);
        foreach (ClassicGroup group in other._machine.Groups.Values)
        {
            _machine.ApplyEvent(new ClassicGroupChanged(group));
        }

        _timers = new Dictionary<GroupTimer, long>(other._timers);
        _clients = [.. other._clients];
        _identities = [.. other._identities];
        _path = [.. other._path, step];
        (_stored, _now, _lastToken, _lastUuid) = (other._stored, other._now, other._lastToken, other._lastUuid);
    }

    private ClassicGroup? Group => _machine.Groups.GetValueOrDefault(GroupId);

    /// <summary>Everything that may happen next. Each step may lose the answer of one consumer that gets one.</summary>
    public IEnumerable<ExploredState> Successors()
    {
        foreach ((string name, Action<ExploredState, int> step, int client) in Steps())
        {
            ExploredState normal = new(this, name);
            step(normal, -1);
            yield return normal;
            for (int loser = 0; loser < _clients.Length; loser++)
            {
                ExploredState lossy = new(this, $"{name} (answer to {loser} lost)");
                step(lossy, loser);
                if (lossy._clients[loser] != normal._clients[loser])
                {
                    yield return lossy;
                }
            }
        }
    }

    /// <summary>The state without what only grows: tokens by who holds them, times relative to now.</summary>
    public string Fingerprint()
    {
        var text = new StringBuilder();
        if (Group is { } group)
        {
            text.Append(CultureInfo.InvariantCulture, $"{group.State} {group.GenerationId} {group.LeaderId} {group.ProtocolName} sync {group.SyncDeadline - _now} join {group.JoinPhase?.Deadline - _now} {group.JoinPhase?.IsInitial} {group.JoinPhase?.MemberArrived} {group.JoinPhase?.RemainingMilliseconds};");
            foreach (ClassicGroupMember member in group.Members.Values)
            {
                int joiner = Array.FindIndex(_clients, client => client.Token == member.WaitingJoin?.Value);
                int syncer = Array.FindIndex(_clients, client => client.Token == member.WaitingSync?.Value);
                text.Append(CultureInfo.InvariantCulture, $"{member.MemberId} {member.GroupInstanceId} {member.IsNew} {member.OwesSync} {member.WaitingJoin is null}{joiner} {member.WaitingSync is null}{syncer} {member.SessionDeadline - _now} {Convert.ToHexString(member.Assignment.Span)};");
            }

            text.AppendJoin(' ', group.PendingMembers.Select(pending => $"{pending.Key} {pending.Value - _now}"));
        }

        foreach (ExploredClient client in _clients)
        {
            text.Append(CultureInfo.InvariantCulture, $"|{client.MemberId} {client.Generation} {client.Phase} {client.Partition} {client.Token == 0}");
            text.AppendJoin(',', client.Members);
        }

        return text.ToString();
    }

    public void Check()
    {
        CheckThatOwnersAreAlone();
        CheckThatStaleCommitsAreRefused();
        CheckThatWhatIsStoredIsWhatIs();
        new ExploredState(this, "everybody falls silent").CheckThatRebalancesEnd();
    }

    // G1: at most one owner of a partition in a generation.
    private void CheckThatOwnersAreAlone()
    {
        var owned = new HashSet<(int Generation, int Partition)>();
        foreach (ExploredClient client in _clients.Where(client => client is { Phase: ExploredPhase.Stable, Partition: >= 0 }))
        {
            Assert.True(owned.Add((client.Generation, client.Partition)), Describe($"two owners of {client.Partition}"));
        }
    }

    // G3: whoever is not a member in the current generation commits nothing. Asking the machine changes nothing.
    private void CheckThatStaleCommitsAreRefused()
    {
        foreach ((string memberId, int generation) in _identities)
        {
            var request = new OffsetCommitRequest
            {
                GroupId = GroupId,
                MemberId = memberId,
                GenerationIdOrMemberEpoch = generation,
                Topics = [new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "t", Partitions = [new OffsetCommitRequest.OffsetCommitRequestPartition()] }],
            };
            Decision<GroupRecord, GroupEvent, IMessage, GroupTimer> decision =
                _machine.Decide(new CommitOffsetsCommand(new RequestToken(-1), request, 9), new Instant(_now, _now));
            bool isCurrent = Group is { } group && group.Members.ContainsKey(memberId) && group.GenerationId == generation;
            Assert.True(decision.Records.Count == 0 || isCurrent, Describe($"{memberId} of generation {generation} commits"));
        }
    }

    // Whenever the group is at rest, a restart would find it as it is.
    private void CheckThatWhatIsStoredIsWhatIs()
    {
        if (Group is not { State: ClassicGroupState.Stable or ClassicGroupState.Empty } group)
        {
            return;
        }

        var replayed = new GroupStateMachine(_options);
        Assert.True(_stored is not null, Describe("nothing is stored"));
        replayed.ApplyRecord(_stored!); // asserted above
        Assert.Equal(DurableText.Of(replayed.Groups[GroupId]), DurableText.Of(group));
    }

    // G5: when nobody does anything any more, every request is answered and no rebalance is left, in bounded time.
    private void CheckThatRebalancesEnd()
    {
        const long Bound = 2 * 300_000;
        long until = _now + Bound;
        while (_timers.Count > 0 && _timers.MinBy(timer => timer.Value) is var next && next.Value <= until)
        {
            Fire(next.Key, -1);
        }

        Assert.True(
            Group is null or { State: ClassicGroupState.Stable or ClassicGroupState.Empty } && _clients.All(client => client.Token == 0),
            Describe($"the rebalance does not end, group is {Group?.State}"));
    }

    private IEnumerable<(string Name, Action<ExploredState, int> Step, int Client)> Steps()
    {
        for (int i = 0; i < _clients.Length; i++)
        {
            int client = i;
            ExploredClient self = _clients[i];
            switch (self.Phase)
            {
                case ExploredPhase.Idle or ExploredPhase.Joining:
                    yield return ($"{i} joins", (state, loser) => state.Join(client, loser), i);
                    break;
                case ExploredPhase.Joined or ExploredPhase.Syncing:
                    yield return ($"{i} syncs", (state, loser) => state.Sync(client, loser), i);
                    break;
                case ExploredPhase.Stable:
                    yield return ($"{i} beats", (state, loser) => state.Beat(client, loser), i);
                    yield return ($"{i} rejoins", (state, loser) => state.Join(client, loser), i);
                    yield return ($"{i} leaves", (state, loser) => state.Leave(client, loser), i);
                    break;
                default:
                    break;
            }

            if (self.MemberId.Length > 0)
            {
                yield return ($"{i} crashes", (state, _) => state._clients[client] = self.Forget(), i);
            }
        }

        if (_timers.Count > 0)
        {
            GroupTimer next = _timers.OrderBy(timer => timer.Value).ThenBy(timer => timer.Key.ToString(), StringComparer.Ordinal).First().Key;
            yield return ($"{next.Kind} of {next.MemberId} ends", (state, loser) => state.Fire(next, loser), -1);
        }
    }

    private void Join(int client, int loser)
    {
        var request = new JoinGroupRequest
        {
            GroupId = GroupId,
            MemberId = _clients[client].MemberId,
            GroupInstanceId = _areStatic ? $"i{client}" : null,
            ProtocolType = "connect",
            SessionTimeoutMs = SessionTimeout,
            RebalanceTimeoutMs = 10_000,
            Protocols = [new JoinGroupRequest.JoinGroupRequestProtocol { Name = "p" }],
        };
        _clients[client] = _clients[client] with { Phase = ExploredPhase.Joining, Partition = -1, Token = ++_lastToken };
        var uuid = new Guid(++_lastUuid, 0, 0, new byte[8]);
        Submit(new JoinGroupCommand(new RequestToken(_lastToken), request, _joinVersion, new GroupClient($"c{client}", "/h"), uuid), loser);
    }

    private void Sync(int client, int loser)
    {
        ExploredClient self = _clients[client];
        var request = new SyncGroupRequest { GroupId = GroupId, MemberId = self.MemberId, GenerationId = self.Generation, GroupInstanceId = _areStatic ? $"i{client}" : null };
        for (int partition = 0; partition < self.Members.Length; partition++)
        {
            request.Assignments.Add(new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = self.Members[partition], Assignment = new[] { (byte)partition } });
        }

        _clients[client] = self with { Phase = ExploredPhase.Syncing, Token = ++_lastToken };
        Submit(new SyncGroupCommand(new RequestToken(_lastToken), request), loser);
    }

    private void Beat(int client, int loser)
    {
        ExploredClient self = _clients[client];
        var request = new HeartbeatRequest { GroupId = GroupId, MemberId = self.MemberId, GenerationId = self.Generation };
        _clients[client] = self with { Token = ++_lastToken };
        Submit(new HeartbeatCommand(new RequestToken(_lastToken), request), loser);
        _clients[client] = _clients[client] with { Token = 0 };
    }

    private void Leave(int client, int loser)
    {
        var request = new LeaveGroupRequest { GroupId = GroupId, Members = [new LeaveGroupRequest.MemberIdentity { MemberId = _clients[client].MemberId }] };
        _clients[client] = _clients[client].Forget();
        Submit(new LeaveGroupCommand(new RequestToken(++_lastToken), request), loser);
    }

    private void Fire(GroupTimer timer, int loser)
    {
        _now = Math.Max(_now, _timers[timer]);
        _timers.Remove(timer);
        Submit(new TimerFiredCommand(timer), loser);
    }

    private void Submit(GroupCommand command, int loser)
    {
        Decision<GroupRecord, GroupEvent, IMessage, GroupTimer> decision = _machine.Decide(command, new Instant(_now, _now));
        foreach (GroupRecord record in decision.Records)
        {
            _machine.ApplyRecord(record);
            _stored = record as GroupMetadataRecord ?? _stored;
        }

        foreach (GroupEvent groupEvent in decision.Events)
        {
            _machine.ApplyEvent(groupEvent);
        }

        foreach (TimerChange<GroupTimer> change in decision.Timers)
        {
            if (change.DueMonotonicMilliseconds is { } due)
            {
                _timers[change.Timer] = due;
            }
            else
            {
                _timers.Remove(change.Timer);
            }
        }

        Assert.Equal(decision.Replies.Count, decision.Replies.Select(reply => reply.Token).Distinct().Count());
        foreach (Reply<IMessage> reply in decision.Replies)
        {
            int client = Array.FindIndex(_clients, client => client.Token == reply.Token.Value);
            if (client >= 0)
            {
                // A lost answer looks like none: the consumer can only send its request again.
                _clients[client] = client == loser ? _clients[client] with { Token = 0 } : Take(_clients[client] with { Token = 0 }, reply.Answer);
            }
        }
    }

    private ExploredClient Take(ExploredClient client, IMessage answer)
    {
        switch (answer)
        {
            case JoinGroupResponse { ErrorCode: ErrorCode.None } joined:
                _identities.Add((joined.MemberId, joined.GenerationId));
                return client with
                {
                    Phase = ExploredPhase.Joined,
                    MemberId = joined.MemberId,
                    Generation = joined.GenerationId,
                    Members = joined.SkipAssignment ? [] : [.. joined.Members.Select(member => member.MemberId)],
                };
            case JoinGroupResponse { ErrorCode: ErrorCode.MemberIdRequired } required:
                return client with { Phase = ExploredPhase.Idle, MemberId = required.MemberId };
            case SyncGroupResponse { ErrorCode: ErrorCode.None } synced:
                return client with { Phase = ExploredPhase.Stable, Partition = synced.Assignment.IsEmpty ? -1 : synced.Assignment.Span[0] };
            case HeartbeatResponse { ErrorCode: ErrorCode.None }:
                return client;
            case JoinGroupResponse { ErrorCode: var error }:
                return Refuse(client, error);
            case SyncGroupResponse { ErrorCode: var error }:
                return Refuse(client, error);
            case HeartbeatResponse { ErrorCode: var error }:
                return Refuse(client, error);
            default:
                return client;
        }
    }

    private ExploredClient Refuse(ExploredClient client, ErrorCode error)
    {
        Assert.Contains(error, new[] { ErrorCode.RebalanceInProgress, ErrorCode.IllegalGeneration, ErrorCode.UnknownMemberId, ErrorCode.FencedInstanceId });
        return error switch
        {
            ErrorCode.RebalanceInProgress => client.Rejoin(),
            ErrorCode.FencedInstanceId => client with { Phase = ExploredPhase.Fenced, Partition = -1 },
            _ => client.Forget(),
        };
    }

    private string Describe(string problem) => $"{problem} after: {string.Join(", ", _path)}";
}
