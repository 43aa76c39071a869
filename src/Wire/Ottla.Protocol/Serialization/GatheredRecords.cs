namespace Ottla.Protocol;

/// <summary>A record payload that a gathering writer left out of its buffer.</summary>
/// <param name="BufferPosition">Where in the writer's buffer the payload belongs.</param>
/// <param name="Payload">The bytes, which must stay valid until the message is sent.</param>
public readonly record struct GatheredRecords(int BufferPosition, ReadOnlyMemory<byte> Payload);
