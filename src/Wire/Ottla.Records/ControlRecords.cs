using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Records;

/// <summary>
/// The records of control batches. A key is a 16-bit version and a 16-bit type; a consumer that meets other keys gets stuck at them.
/// </summary>
public static class ControlRecords
{
    /// <summary>The bytes of a key.</summary>
    public const int KeySizeInBytes = 4;

    private const short KeyVersion = 0;
    private const int MarkerValueBytes = 6;

    /// <summary>Makes the key of a control record.</summary>
    public static byte[] CreateKey(ControlRecordType type)
    {
        byte[] key = new byte[KeySizeInBytes];
        BinaryPrimitives.WriteInt16BigEndian(key, KeyVersion);
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(2), (short)type);
        return key;
    }

    /// <summary>Reads the key of a control record; a type that is not known here becomes <see cref="ControlRecordType.Unknown"/>.</summary>
    /// <returns>False when the key is too short or of a negative version.</returns>
    public static bool TryReadKey(ReadOnlySpan<byte> key, out ControlRecordType type)
    {
        type = ControlRecordType.Unknown;
        if (key.Length < KeySizeInBytes || BinaryPrimitives.ReadInt16BigEndian(key) < KeyVersion)
        {
            return false;
        }

        short raw = BinaryPrimitives.ReadInt16BigEndian(key[2..]);
        type = raw is >= (short)ControlRecordType.Abort and <= (short)ControlRecordType.KRaftVoters
            ? (ControlRecordType)raw
            : ControlRecordType.Unknown;
        return true;
    }

    /// <summary>Makes the value of a transaction marker: version 0 and the transaction coordinator's epoch.</summary>
    public static byte[] CreateMarkerValue(int coordinatorEpoch)
    {
        byte[] value = new byte[MarkerValueBytes];
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(2), coordinatorEpoch);
        return value;
    }

    /// <summary>Reads the value of a transaction marker; false when it is too short or of a negative version.</summary>
    public static bool TryReadMarkerValue(ReadOnlySpan<byte> value, out int coordinatorEpoch)
    {
        coordinatorEpoch = default;
        if (value.Length < MarkerValueBytes || BinaryPrimitives.ReadInt16BigEndian(value) < 0)
        {
            return false;
        }

        coordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(value[2..]);
        return true;
    }

    /// <summary>Appends the record by which a new leader of the metadata log begins its epoch (KIP-595).</summary>
    public static void AppendLeaderChange(RecordBatchBuilder builder, long timestamp, LeaderChangeMessage message) =>
        Append(builder, timestamp, ControlRecordType.LeaderChange, message, message.Version);

    /// <summary>Appends the first record of a snapshot (KIP-630).</summary>
    public static void AppendSnapshotHeader(RecordBatchBuilder builder, long timestamp, SnapshotHeaderRecord record) =>
        Append(builder, timestamp, ControlRecordType.SnapshotHeader, record, record.Version);

    /// <summary>Appends the last record of a snapshot (KIP-630).</summary>
    public static void AppendSnapshotFooter(RecordBatchBuilder builder, long timestamp, SnapshotFooterRecord record) =>
        Append(builder, timestamp, ControlRecordType.SnapshotFooter, record, record.Version);

    /// <summary>Appends the record that sets <c>kraft.version</c> (KIP-853).</summary>
    public static void AppendKRaftVersion(RecordBatchBuilder builder, long timestamp, KRaftVersionRecord record) =>
        Append(builder, timestamp, ControlRecordType.KRaftVersion, record, record.Version);

    /// <summary>Appends the record that sets the voters of the metadata log (KIP-853).</summary>
    public static void AppendKRaftVoters(RecordBatchBuilder builder, long timestamp, VotersRecord record) =>
        Append(builder, timestamp, ControlRecordType.KRaftVoters, record, record.Version);

    /// <summary>Appends the record that ends the transaction of the batch's producer.</summary>
    public static void AppendMarker(RecordBatchBuilder builder, long timestamp, bool isCommit, int coordinatorEpoch) =>
        builder.Append(
            timestamp,
            CreateKey(isCommit ? ControlRecordType.Commit : ControlRecordType.Abort),
            CreateMarkerValue(coordinatorEpoch));

    /// <summary>
    /// Reads the value of a control record of the metadata log; all of them begin with the 16-bit version that they are written in.
    /// </summary>
    /// <typeparam name="TMessage">What the key's type says.</typeparam>
    /// <param name="value">The record's value, which the message's byte fields keep referring to.</param>
    /// <param name="message">The message, or null.</param>
    /// <returns>False when the version is not known here or the bytes are not such a message.</returns>
    public static bool TryReadValue<TMessage>(
        ReadOnlyMemory<byte> value, [NotNullWhen(true)] out TMessage? message)
        where TMessage : class, IReadableMessage<TMessage>
    {
        message = null;
        if (!BinaryPrimitives.TryReadInt16BigEndian(value.Span, out short version)
            || !TMessage.Versions.Contains(version))
        {
            return false;
        }

        try
        {
            var reader = new ProtocolReader(value);
            message = TMessage.Read(ref reader, version);
            return true;
        }
        catch (MalformedMessageException)
        {
            return false;
        }
    }

    private static void Append(RecordBatchBuilder builder, long timestamp, ControlRecordType type, IMessage message, short version)
    {
        MessageSize size = default;
        message.Measure(ref size, version);
        byte[] value = new byte[size.Total];
        var writer = new ProtocolWriter(value);
        message.Write(ref writer, version);
        builder.Append(timestamp, CreateKey(type), value);
    }
}
