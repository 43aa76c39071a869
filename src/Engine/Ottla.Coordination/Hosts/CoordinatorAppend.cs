using Ottla.Protocol;

namespace Ottla.Coordination.Hosts;

/// <summary>The outcome of an append.</summary>
/// <param name="Error">NONE or why nothing was appended.</param>
/// <param name="LastOffset">The offset of the last record; meaningless after an error.</param>
public readonly record struct CoordinatorAppend(ErrorCode Error, long LastOffset);
