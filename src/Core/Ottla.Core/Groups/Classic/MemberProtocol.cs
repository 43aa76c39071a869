namespace Ottla.Core.Groups.Classic;

/// <summary>One assignment protocol that a member supports.</summary>
/// <param name="Name">The protocol's name, such as <c>range</c>.</param>
/// <param name="Metadata">The member's bytes for it. Opaque: passed to the leader, never interpreted to accept or refuse a member.</param>
public readonly record struct MemberProtocol(string Name, ReadOnlyMemory<byte> Metadata);
