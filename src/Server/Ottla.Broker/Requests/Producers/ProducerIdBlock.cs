using Ottla.Protocol;

namespace Ottla.Broker.Requests.Producers;

/// <summary>A block of producer ids that belongs to this broker (KIP-730), or why there is none.</summary>
/// <param name="Error">None, or the controller's error.</param>
/// <param name="FirstId">The first id.</param>
/// <param name="Count">How many there are, at least one without an error.</param>
internal readonly record struct ProducerIdBlock(ErrorCode Error, long FirstId, int Count);
