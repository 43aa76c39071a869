namespace Ottla.Core;

/// <summary>
/// What a machine decided about one command. The host appends <see cref="Records"/> as one batch; only when that succeeded does it
/// apply them and then the <see cref="Events"/>, sets the timers and sends the replies, those marked so after the commit. When the
/// append fails nothing is applied, so there is nothing to roll back, and every reply of the decision becomes an error.
/// </summary>
/// <typeparam name="TRecord">Durable records, which are appended and replayed.</typeparam>
/// <typeparam name="TEvent">Volatile events, which are applied but never stored.</typeparam>
/// <typeparam name="TReply">Answers to requests.</typeparam>
/// <typeparam name="TTimer">Timer keys.</typeparam>
public sealed record Decision<TRecord, TEvent, TReply, TTimer>
{
    /// <summary>Durable records in the order in which they are appended and applied.</summary>
    public IReadOnlyList<TRecord> Records { get; init; } = [];

    /// <summary>Volatile events in the order in which they are applied, after the records.</summary>
    public IReadOnlyList<TEvent> Events { get; init; } = [];

    /// <summary>Answers to this command or to earlier ones that waited.</summary>
    public IReadOnlyList<Reply<TReply>> Replies { get; init; } = [];

    /// <summary>Timers to set or cancel.</summary>
    public IReadOnlyList<TimerChange<TTimer>> Timers { get; init; } = [];
}
