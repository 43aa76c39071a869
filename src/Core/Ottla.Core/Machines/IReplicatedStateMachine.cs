namespace Ottla.Core;

/// <summary>
/// A pure machine that decides and applies. Its state changes only in the two Apply methods; loading applies the stored records and
/// begins with no volatile events. Not thread-safe: a host owns it and calls it from one mailbox.
/// </summary>
/// <typeparam name="TCommand">Requests and timers that fired.</typeparam>
/// <typeparam name="TRecord">Durable records.</typeparam>
/// <typeparam name="TEvent">Volatile events.</typeparam>
/// <typeparam name="TReply">Answers.</typeparam>
/// <typeparam name="TTimer">Timer keys.</typeparam>
public interface IReplicatedStateMachine<in TCommand, TRecord, TEvent, TReply, TTimer>
{
    /// <summary>Reads the state and decides; changes nothing.</summary>
    Decision<TRecord, TEvent, TReply, TTimer> Decide(TCommand command, Instant now);

    /// <summary>Changes the state by one durable record, new or replayed.</summary>
    void ApplyRecord(TRecord record);

    /// <summary>Changes the state by one volatile event.</summary>
    void ApplyEvent(TEvent volatileEvent);
}
