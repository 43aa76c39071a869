namespace Ottla.Protocol;

/// <summary>Reads a message of one type.</summary>
/// <exception cref="MalformedMessageException">The bytes are not such a message.</exception>
public delegate IMessage MessageReader(ref ProtocolReader reader, short version);
