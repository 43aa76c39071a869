using Ottla.Core.Groups;
using Ottla.Core.Groups.Classic;
using Ottla.Core.Groups.Offsets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Groups;

/// <summary>
/// Plays the host for one machine: appends and applies, keeps timers and answers, and remembers everything that was decided, so that
/// a test can compare runs and replay the records.
/// </summary>
internal sealed class GroupScenario
{
    public const string GroupId = "orders";
    private const long StartUnixMilliseconds = 1_700_000_000_000;
    private readonly SortedDictionary<(long Due, long Sequence), GroupTimer> _timersByDue = [];
    private readonly Dictionary<GroupTimer, (long Due, long Sequence)> _timers = [];
    private long _lastToken;
    private int _lastUuid;
    private long _lastTimerSequence;

    public GroupScenario(GroupOptions? options = null)
    {
        Options = options ?? new GroupOptions();
        Machine = new GroupStateMachine(Options);
        Submit(new CoordinatorLoadedCommand());
    }

    public GroupOptions Options { get; }

    public GroupStateMachine Machine { get; private set; }

    /// <summary>Milliseconds since the scenario began; both clocks run with it.</summary>
    public long Now { get; private set; }

    public List<GroupRecord> Log { get; } = [];

    /// <summary>All answers in the order in which they were given.</summary>
    public List<Reply<IMessage>> Replies { get; } = [];

    public bool FailAppends { get; set; }

    public ClassicGroup Group => Machine.Groups[GroupId];

    public RequestToken NextToken() => new(++_lastToken);

    public T Answer<T>(RequestToken token)
        where T : IMessage
    {
        Reply<IMessage> reply = Assert.Single(Replies, reply => reply.Token == token);
        return Assert.IsType<T>(reply.Answer, exactMatch: false);
    }

    public bool IsAnswered(RequestToken token) => Replies.Any(reply => reply.Token == token);

    /// <summary>False if the append was made to fail: then nothing was applied.</summary>
    public bool Submit(GroupCommand command)
    {
        Decision<GroupRecord, GroupEvent, IMessage, GroupTimer> decision =
            Machine.Decide(command, new Instant(StartUnixMilliseconds + Now, Now));
        if (FailAppends && decision.Records.Count > 0)
        {
            return false;
        }

        foreach (GroupRecord record in decision.Records)
        {
            // Through bytes, as in life: what is not in the format is not in the state.
            GroupRecord stored = GroupRecordFormat.Read(GroupRecordFormat.WriteKey(record), GroupRecordFormat.WriteValue(record))!;
            Log.Add(stored);
            Machine.ApplyRecord(stored);
        }

        foreach (GroupEvent groupEvent in decision.Events)
        {
            Machine.ApplyEvent(groupEvent);
        }

        foreach (TimerChange<GroupTimer> change in decision.Timers)
        {
            SetTimer(change);
        }

        Replies.AddRange(decision.Replies);
        return true;
    }

    /// <summary>Lets time pass, firing what is due on the way.</summary>
    public void Advance(long milliseconds)
    {
        long until = Now + milliseconds;
        while (_timersByDue.Count > 0 && _timersByDue.First() is var first && first.Key.Due <= until)
        {
            Now = Math.Max(Now, first.Key.Due);
            FireTimer(first.Value);
        }

        Now = until;
    }

    public IReadOnlyList<GroupTimer> PendingTimers() => [.. _timersByDue.Values];

    public void FireTimer(GroupTimer timer)
    {
        SetTimer(new TimerChange<GroupTimer>(timer, null));
        Submit(new TimerFiredCommand(timer));
    }

    /// <summary>A new machine from the stored records alone, as after a restart; waiting requests and timers are gone.</summary>
    public void Restart()
    {
        Machine = Replay();
        _timers.Clear();
        _timersByDue.Clear();
        Submit(new CoordinatorLoadedCommand());
    }

    public GroupStateMachine Replay()
    {
        var machine = new GroupStateMachine(Options);
        foreach (GroupRecord record in Log)
        {
            machine.ApplyRecord(record);
        }

        return machine;
    }

    public RequestToken SendJoin(
        string memberId, short version = 9, string? instanceId = null, string[]? protocols = null, byte metadata = 1, int sessionTimeout = 10_000)
    {
        RequestToken token = NextToken();
        var request = new JoinGroupRequest
        {
            GroupId = GroupId,
            MemberId = memberId,
            GroupInstanceId = instanceId,
            ProtocolType = "consumer",
            SessionTimeoutMs = sessionTimeout,
            RebalanceTimeoutMs = 60_000,
            Protocols =
            [
                .. (protocols ?? ["range"]).Select(name =>
                    new JoinGroupRequest.JoinGroupRequestProtocol { Name = name, Metadata = new[] { metadata } }),
            ],
        };
        Submit(new JoinGroupCommand(token, request, version, new GroupClient("client", "/127.0.0.1"), NextUuid()));
        return token;
    }

    /// <summary>Gets an id for a new dynamic member, as KIP-394 wants it.</summary>
    public string AskForMemberId()
    {
        JoinGroupResponse answer = Answer<JoinGroupResponse>(SendJoin(""));
        Assert.Equal(ErrorCode.MemberIdRequired, answer.ErrorCode);
        return answer.MemberId;
    }

    public RequestToken SendSync(string memberId, int generation, params (string MemberId, byte Assignment)[] assignments)
    {
        RequestToken token = NextToken();
        var request = new SyncGroupRequest
        {
            GroupId = GroupId,
            MemberId = memberId,
            GenerationId = generation,
            Assignments =
            [
                .. assignments.Select(assignment => new SyncGroupRequest.SyncGroupRequestAssignment
                {
                    MemberId = assignment.MemberId,
                    Assignment = new[] { assignment.Assignment },
                }),
            ],
        };
        Submit(new SyncGroupCommand(token, request));
        return token;
    }

    public ErrorCode Heartbeat(string memberId, int generation, string? instanceId = null)
    {
        RequestToken token = NextToken();
        var request = new HeartbeatRequest { GroupId = GroupId, MemberId = memberId, GenerationId = generation, GroupInstanceId = instanceId };
        Submit(new HeartbeatCommand(token, request));
        return Answer<HeartbeatResponse>(token).ErrorCode;
    }

    public LeaveGroupResponse Leave(params (string MemberId, string? InstanceId)[] members)
    {
        RequestToken token = NextToken();
        var request = new LeaveGroupRequest
        {
            GroupId = GroupId,
            Members =
            [
                .. members.Select(member => new LeaveGroupRequest.MemberIdentity { MemberId = member.MemberId, GroupInstanceId = member.InstanceId }),
            ],
        };
        Submit(new LeaveGroupCommand(token, request));
        return Answer<LeaveGroupResponse>(token);
    }

    public ErrorCode Commit(
        long offset, string memberId = "", int generation = -1, string? instanceId = null, short version = 9, string groupId = GroupId, string metadata = "")
    {
        RequestToken token = NextToken();
        var request = new OffsetCommitRequest
        {
            GroupId = groupId,
            MemberId = memberId,
            GenerationIdOrMemberEpoch = generation,
            GroupInstanceId = instanceId,
            Topics =
            [
                new OffsetCommitRequest.OffsetCommitRequestTopic
                {
                    Name = "t",
                    Partitions =
                    [
                        new OffsetCommitRequest.OffsetCommitRequestPartition { PartitionIndex = 0, CommittedOffset = offset, CommittedMetadata = metadata },
                    ],
                },
            ],
        };
        Submit(new CommitOffsetsCommand(token, request, version));
        return Answer<OffsetCommitResponse>(token).Topics[0].Partitions[0].ErrorCode;
    }

    public long Fetch(string groupId = GroupId)
    {
        RequestToken token = NextToken();
        var group = new OffsetFetchRequest.OffsetFetchRequestGroup
        {
            GroupId = groupId,
            Topics = [new OffsetFetchRequest.OffsetFetchRequestTopics { Name = "t", PartitionIndexes = [0] }],
        };
        Submit(new FetchOffsetsCommand(token, group));
        return Answer<OffsetFetchResponse>(token).Groups[0].Topics[0].Partitions[0].CommittedOffset;
    }

    /// <summary>A stable group of that many dynamic members; the first one leads. Each is assigned its number.</summary>
    public string[] FormGroup(int members)
    {
        string[] ids = [.. Enumerable.Range(0, members).Select(_ => AskForMemberId())];
        RequestToken[] joins = [.. ids.Select(id => SendJoin(id))];
        Advance(6_000);
        int generation = Answer<JoinGroupResponse>(joins[0]).GenerationId;
        RequestToken[] followers = [.. ids.Skip(1).Select(id => SendSync(id, generation))];
        RequestToken leader = SendSync(ids[0], generation, [.. ids.Select((id, i) => (id, (byte)i))]);
        foreach (RequestToken sync in followers.Append(leader))
        {
            Assert.Equal(ErrorCode.None, Answer<SyncGroupResponse>(sync).ErrorCode);
        }

        Assert.Equal(ClassicGroupState.Stable, Group.State);
        return ids;
    }

    private Guid NextUuid() => new(++_lastUuid, 0, 0, new byte[8]);

    private void SetTimer(TimerChange<GroupTimer> change)
    {
        if (_timers.Remove(change.Timer, out (long Due, long Sequence) set))
        {
            _timersByDue.Remove(set);
        }

        if (change.DueMonotonicMilliseconds is { } due)
        {
            (long, long) key = (due, ++_lastTimerSequence);
            _timers[change.Timer] = key;
            _timersByDue[key] = change.Timer;
        }
    }
}
