namespace Ottla.Core;

/// <summary>Names one request that waits for its reply, which a later command may give.</summary>
/// <param name="Value">Unique within the host.</param>
public readonly record struct RequestToken(long Value);
