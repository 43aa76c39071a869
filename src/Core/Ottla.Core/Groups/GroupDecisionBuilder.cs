using Ottla.Protocol;

namespace Ottla.Core.Groups;

/// <summary>Collects what one command leads to.</summary>
internal sealed class GroupDecisionBuilder
{
    private readonly List<GroupRecord> _records = [];
    private readonly List<GroupEvent> _events = [];
    private readonly List<Reply<IMessage>> _replies = [];
    private readonly List<TimerChange<GroupTimer>> _timers = [];

    public bool HasRecords => _records.Count > 0;

    public int RecordCount => _records.Count;

    public void Append(GroupRecord record) => _records.Add(record);

    public void Raise(GroupEvent groupEvent) => _events.Add(groupEvent);

    /// <summary>Answers when everything that the state rests on is committed, so that no answer is taken back by a lost record.</summary>
    public void Reply(RequestToken token, IMessage answer) => _replies.Add(new Reply<IMessage>(token, answer, AfterCommit: true));

    /// <summary>Answers at once: for what says nothing about stored state.</summary>
    public void ReplyAtOnce(RequestToken token, IMessage answer) => _replies.Add(new Reply<IMessage>(token, answer, AfterCommit: false));

    public void SetTimer(GroupTimer timer, long dueMonotonicMilliseconds) =>
        _timers.Add(new TimerChange<GroupTimer>(timer, dueMonotonicMilliseconds));

    public void CancelTimer(GroupTimer timer) => _timers.Add(new TimerChange<GroupTimer>(timer, null));

    public Decision<GroupRecord, GroupEvent, IMessage, GroupTimer> Build() => new()
    {
        Records = _records,
        Events = _events,
        Replies = _replies,
        Timers = _timers,
    };
}
