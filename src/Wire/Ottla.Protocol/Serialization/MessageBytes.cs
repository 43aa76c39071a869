namespace Ottla.Protocol;

/// <summary>Whole messages to and from bytes, for records and tests; the network paths write into buffers of their own.</summary>
public static class MessageBytes
{
    /// <summary>Writes <paramref name="message"/> into a new array of exactly its size.</summary>
    /// <exception cref="InvalidOperationException">A field is set that <paramref name="version"/> cannot carry.</exception>
    public static byte[] Encode(IMessage message, short version)
    {
        MessageSize size = default;
        message.Measure(ref size, version);
        byte[] bytes = new byte[size.Total];
        ProtocolWriter writer = new(bytes);
        message.Write(ref writer, version);
        return writer.Position == bytes.Length
            ? bytes
            : throw new InvalidOperationException($"The size pass found {bytes.Length} bytes, the write pass made {writer.Position}.");
    }

    /// <summary>Reads a message that takes all of <paramref name="bytes"/>, of which its byte fields are slices.</summary>
    /// <exception cref="MalformedMessageException">The bytes are not such a message, or more than one.</exception>
    public static TMessage Decode<TMessage>(ReadOnlyMemory<byte> bytes, short version)
        where TMessage : IReadableMessage<TMessage>
    {
        ProtocolReader reader = new(bytes);
        TMessage message = TMessage.Read(ref reader, version);
        return reader.Remaining == 0
            ? message
            : throw new MalformedMessageException($"{reader.Remaining} bytes are left after the message.");
    }
}
