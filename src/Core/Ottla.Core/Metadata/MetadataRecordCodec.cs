using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Metadata;

/// <summary>
/// The value of a metadata record as Kafka frames it: frame version 1, record type and record version as unsigned varints, then the
/// message. The key of such a record is null.
/// </summary>
public static class MetadataRecordCodec
{
    private const uint FrameVersion = 1;

    /// <summary>Encodes a record into an array of exactly its size.</summary>
    public static byte[] Encode(in MetadataRecord record)
    {
        MessageSize size = default;
        record.Message.Measure(ref size, record.Version);
        int framing = ProtocolWriter.SizeOfUnsignedVarint(FrameVersion)
            + ProtocolWriter.SizeOfUnsignedVarint((uint)record.Type)
            + ProtocolWriter.SizeOfUnsignedVarint((uint)record.Version);
        byte[] bytes = new byte[framing + size.Total];
        ProtocolWriter writer = new(bytes);
        writer.WriteUnsignedVarint(FrameVersion);
        writer.WriteUnsignedVarint((uint)record.Type);
        writer.WriteUnsignedVarint((uint)record.Version);
        record.Message.Write(ref writer, record.Version);
        return bytes;
    }

    /// <summary>Decodes a record's value.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no such record.</exception>
    /// <exception cref="InvalidMetadataException">The record is of a kind or version that this release does not serve.</exception>
    public static MetadataRecord Decode(ReadOnlyMemory<byte> value)
    {
        ProtocolReader reader = new(value);
        uint frameVersion = reader.ReadUnsignedVarint();
        if (frameVersion != FrameVersion)
        {
            throw new MalformedMessageException($"A metadata record has frame version {frameVersion}, not {FrameVersion}.");
        }

        uint type = reader.ReadUnsignedVarint();
        uint version = reader.ReadUnsignedVarint();
        if (type > (uint)short.MaxValue || version > (uint)short.MaxValue)
        {
            throw new MalformedMessageException($"A metadata record has type {type} and version {version}.");
        }

        MetadataRecord record = Read(ref reader, (MetadataRecordType)type, (short)version);
        if (reader.Remaining != 0)
        {
            throw new MalformedMessageException($"A {record.Type} metadata record has {reader.Remaining} bytes too many.");
        }

        return record;
    }

    private static MetadataRecord Read(ref ProtocolReader reader, MetadataRecordType type, short version) => type switch
    {
        MetadataRecordType.RegisterBroker => Read<RegisterBrokerRecord>(ref reader, type, version),
        MetadataRecordType.UnregisterBroker => Read<UnregisterBrokerRecord>(ref reader, type, version),
        MetadataRecordType.Topic => Read<TopicRecord>(ref reader, type, version),
        MetadataRecordType.Partition => Read<PartitionRecord>(ref reader, type, version),
        MetadataRecordType.Config => Read<ConfigRecord>(ref reader, type, version),
        MetadataRecordType.PartitionChange => Read<PartitionChangeRecord>(ref reader, type, version),
        MetadataRecordType.FenceBroker => Read<FenceBrokerRecord>(ref reader, type, version),
        MetadataRecordType.UnfenceBroker => Read<UnfenceBrokerRecord>(ref reader, type, version),
        MetadataRecordType.RemoveTopic => Read<RemoveTopicRecord>(ref reader, type, version),
        MetadataRecordType.FeatureLevel => Read<FeatureLevelRecord>(ref reader, type, version),
        MetadataRecordType.ProducerIds => Read<ProducerIdsRecord>(ref reader, type, version),
        MetadataRecordType.BrokerRegistrationChange => Read<BrokerRegistrationChangeRecord>(ref reader, type, version),
        MetadataRecordType.NoOp => Read<NoOpRecord>(ref reader, type, version),
        MetadataRecordType.ZkMigrationState => Read<ZkMigrationStateRecord>(ref reader, type, version),
        MetadataRecordType.BeginTransaction => Read<BeginTransactionRecord>(ref reader, type, version),
        MetadataRecordType.EndTransaction => Read<EndTransactionRecord>(ref reader, type, version),
        MetadataRecordType.AbortTransaction => Read<AbortTransactionRecord>(ref reader, type, version),
        MetadataRecordType.RegisterController => Read<RegisterControllerRecord>(ref reader, type, version),
        MetadataRecordType.UnregisterController => Read<UnregisterControllerRecord>(ref reader, type, version),
        MetadataRecordType.ClearElr => Read<ClearElrRecord>(ref reader, type, version),
        _ => throw new InvalidMetadataException($"The metadata log has a record of type {type}, which this release does not serve."),
    };

    private static MetadataRecord Read<TMessage>(ref ProtocolReader reader, MetadataRecordType type, short version)
        where TMessage : IReadableMessage<TMessage>
    {
        if (!TMessage.Versions.Contains(version))
        {
            throw new InvalidMetadataException($"The metadata log has a {type} record of version {version}; this release reads {TMessage.Versions}.");
        }

        return new MetadataRecord(type, version, TMessage.Read(ref reader, version));
    }
}
