namespace Ottla.Protocol;

/// <summary>A message type that can be read from bytes, with what its schema says of its versions.</summary>
/// <typeparam name="TSelf">The message type itself.</typeparam>
public interface IReadableMessage<TSelf> : IMessage
    where TSelf : IReadableMessage<TSelf>
{
    /// <summary>The versions that can be read and written.</summary>
    static abstract VersionRange Versions { get; }

    /// <summary>The first flexible version (KIP-482), or <see cref="short.MaxValue"/> when none is.</summary>
    static abstract short FirstFlexibleVersion { get; }

    /// <summary>Reads a message. Its byte and record fields are slices of the reader's buffer and live as long as that does.</summary>
    /// <exception cref="MalformedMessageException">The bytes are not such a message.</exception>
    static abstract TSelf Read(ref ProtocolReader reader, short version);
}
