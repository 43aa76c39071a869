using System.Buffers.Binary;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Groups;

/// <summary>
/// The bytes of <c>__consumer_offsets</c> records, as Kafka writes them: a version in front of key and value. Offset values are
/// written in version 3, which monitoring tools read (Burrow 1.2.1 knows no newer one), or in version 1 when the client gave a
/// retention time, as Kafka does; all versions are read. Static and thread-safe.
/// </summary>
public static class GroupRecordFormat
{
    private const short LegacyOffsetCommitKeyVersion = 0;
    private const short OffsetCommitKeyVersion = 1;
    private const short GroupMetadataKeyVersion = 2;
    private const short OffsetValueWithExpiryVersion = 1;
    private const short OffsetValueVersion = 3;
    private const short GroupMetadataValueVersion = 3;

    /// <summary>The record's key.</summary>
    public static ReadOnlyMemory<byte> WriteKey(GroupRecord record) => record switch
    {
        OffsetCommitRecord offset => Write(offset.Key, OffsetCommitKeyVersion, 0),
        GroupMetadataRecord group => Write(group.Key, GroupMetadataKeyVersion, 0),
        _ => throw new InvalidOperationException($"No format for {record.GetType().Name}."),
    };

    /// <summary>The record's value; null for a tombstone.</summary>
    public static ReadOnlyMemory<byte>? WriteValue(GroupRecord record) => record switch
    {
        // Said with its type: a bare null would become empty memory, which is a value, and no tombstone.
        OffsetCommitRecord { Value: null } or GroupMetadataRecord { Value: null } => (ReadOnlyMemory<byte>?)null,
        OffsetCommitRecord { Value: { } value } => WriteOffset(value),
        GroupMetadataRecord { Value: { } value } => Write(value, GroupMetadataValueVersion, GroupMetadataValueVersion),
        _ => throw new InvalidOperationException($"No format for {record.GetType().Name}."),
    };

    /// <summary>Reads a stored record; null for kinds of record that this machine has no use for, such as those of newer group types.</summary>
    /// <exception cref="MalformedMessageException">The bytes are not what their version says, or the version is unknown.</exception>
    public static GroupRecord? Read(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value)
    {
        var reader = new ProtocolReader(key);
        switch (reader.ReadInt16())
        {
            case LegacyOffsetCommitKeyVersion or OffsetCommitKeyVersion:
                return new OffsetCommitRecord(OffsetCommitKey.Read(ref reader, 0), Read<OffsetCommitValue>(value));
            case GroupMetadataKeyVersion:
                return new GroupMetadataRecord(GroupMetadataKey.Read(ref reader, 0), Read<GroupMetadataValue>(value));
            default:
                return null;
        }
    }

    private static ReadOnlyMemory<byte> WriteOffset(OffsetCommitValue value)
    {
        short version = value.ExpireTimestamp == -1 ? OffsetValueVersion : OffsetValueWithExpiryVersion;
        return Write(value, version, version);
    }

    private static ReadOnlyMemory<byte> Write<TMessage>(TMessage message, short versionOnTheWire, short version)
        where TMessage : IMessage
    {
        var size = new MessageSize();
        message.Measure(ref size, version);
        byte[] bytes = new byte[sizeof(short) + size.Total];
        BinaryPrimitives.WriteInt16BigEndian(bytes, versionOnTheWire);
        var writer = new ProtocolWriter(bytes.AsSpan(sizeof(short)));
        message.Write(ref writer, version);
        return bytes;
    }

    private static TMessage? Read<TMessage>(ReadOnlyMemory<byte>? value)
        where TMessage : class, IReadableMessage<TMessage>
    {
        if (value is not { } bytes)
        {
            return null;
        }

        var reader = new ProtocolReader(bytes);
        short version = reader.ReadInt16();
        return TMessage.Versions.Contains(version)
            ? TMessage.Read(ref reader, version)
            : throw new MalformedMessageException($"{typeof(TMessage).Name} version {version} is unknown.");
    }
}
