using Ottla.Core;
using Ottla.Protocol;

namespace Ottla.Coordination.Hosts;

/// <summary>What a host runs: a machine, its log and how the two speak.</summary>
/// <typeparam name="TCommand">The machine's commands.</typeparam>
/// <typeparam name="TRecord">Its durable records.</typeparam>
/// <typeparam name="TEvent">Its volatile events.</typeparam>
/// <typeparam name="TReply">Its replies.</typeparam>
/// <typeparam name="TTimer">Its timer keys.</typeparam>
public sealed record CoordinatorHostParts<TCommand, TRecord, TEvent, TReply, TTimer>
    where TCommand : class
    where TRecord : class
    where TReply : class
    where TTimer : notnull
{
    /// <summary>The partition that holds the records.</summary>
    public required TopicPartition Partition { get; init; }

    /// <summary>The machine, without state.</summary>
    public required IReplicatedStateMachine<TCommand, TRecord, TEvent, TReply, TTimer> Machine { get; init; }

    /// <summary>The partition's log.</summary>
    public required ICoordinatorLog Log { get; init; }

    /// <summary>The bytes of the records.</summary>
    public required ICoordinatorRecordFormat<TRecord> Format { get; init; }

    /// <summary>The command that tells the machine that all records are applied.</summary>
    public required TCommand LoadedCommand { get; init; }

    /// <summary>The command for a timer that fired.</summary>
    public required Func<TTimer, TCommand> TimerFired { get; init; }
}
