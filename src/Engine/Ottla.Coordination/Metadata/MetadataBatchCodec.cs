using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Coordination.Metadata;

/// <summary>Between batches as they lie in the metadata log and in snapshots, and their records.</summary>
internal static class MetadataBatchCodec
{
    /// <summary>Builds a batch of metadata records.</summary>
    public static byte[] Encode(IEnumerable<MetadataRecord> records, long baseOffset, int epoch, long timestamp)
    {
        using RecordBatchBuilder builder = new(Options(baseOffset, epoch, isControl: false));
        foreach (MetadataRecord record in records)
        {
            builder.Append(timestamp, NullableBytes.Null, MetadataRecordCodec.Encode(record));
        }

        return builder.Build().ToArray();
    }

    /// <summary>Builds a batch of one control record.</summary>
    public static byte[] EncodeControl(ControlRecordType type, byte[] value, long baseOffset, int epoch, long timestamp)
    {
        using RecordBatchBuilder builder = new(Options(baseOffset, epoch, isControl: true));
        builder.Append(timestamp, ControlRecords.CreateKey(type), value);
        return builder.Build().ToArray();
    }

    /// <summary>The bytes of a message of the log's own.</summary>
    public static byte[] Encode(IMessage message, short version)
    {
        MessageSize size = default;
        message.Measure(ref size, version);
        byte[] bytes = new byte[size.Total];
        ProtocolWriter writer = new(bytes);
        message.Write(ref writer, version);
        return bytes;
    }

    /// <summary>Reads one whole batch, whose checksum is checked; control records go to <paramref name="whenControl"/>.</summary>
    /// <exception cref="InvalidMetadataException">The batch is damaged, or not one of a metadata log.</exception>
    public static MetadataBatch Decode(ReadOnlyMemory<byte> batch, in RecordBatchHeader header, Action<ControlRecordType, byte[]> whenControl)
    {
        if (!header.CrcMatches(batch.Span))
        {
            throw new InvalidMetadataException($"The batch at offset {header.BaseOffset} is damaged: its checksum does not match.");
        }

        if (header.Codec != CompressionCodec.None)
        {
            throw new InvalidMetadataException($"The batch at offset {header.BaseOffset} is compressed, which no metadata log is.");
        }

        List<MetadataRecord> records = [];
        try
        {
            foreach (RecordView view in new RecordEnumerator(batch.Span[RecordBatchHeader.SizeInBytes..], header.RecordCount))
            {
                if (!header.IsControl)
                {
                    records.Add(MetadataRecordCodec.Decode(view.Value.ToArray()));
                }
                else if (ControlRecords.TryReadKey(view.Key, out ControlRecordType type))
                {
                    whenControl(type, view.Value.ToArray());
                }
            }
        }
        catch (Exception exception) when (exception is MalformedRecordsException or MalformedMessageException)
        {
            throw new InvalidMetadataException($"The batch at offset {header.BaseOffset} is damaged: {exception.Message}");
        }

        return new MetadataBatch(header.LastOffset, header.PartitionLeaderEpoch, header.MaxTimestamp, records);
    }

    private static RecordBatchOptions Options(long baseOffset, int epoch, bool isControl) => new()
    {
        BaseOffset = baseOffset,
        LeaderEpoch = new LeaderEpoch(epoch),
        IsControl = isControl,
    };
}
