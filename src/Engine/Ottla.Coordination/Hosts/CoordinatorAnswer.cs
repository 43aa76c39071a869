using Ottla.Protocol;

namespace Ottla.Coordination.Hosts;

/// <summary>What became of a command: the machine's reply, or the host's reason for having none.</summary>
/// <typeparam name="TReply">The machine's replies.</typeparam>
/// <param name="Error">NONE if there is a reply.</param>
/// <param name="Reply">The reply; null exactly if there is an error.</param>
public readonly record struct CoordinatorAnswer<TReply>(ErrorCode Error, TReply? Reply)
    where TReply : class;
