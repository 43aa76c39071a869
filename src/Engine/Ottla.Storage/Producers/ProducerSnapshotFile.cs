using System.Buffers.Binary;
using Ottla.Records;

namespace Ottla.Storage.Producers;

/// <summary>
/// The bytes of a <c>.snapshot</c> file: version 1, a CRC-32C of all that follows it, then one entry a producer. Only the newest batch
/// of each is kept, as in Kafka.
/// </summary>
internal static class ProducerSnapshotFile
{
    private const short Version = 1;
    private const int CrcPosition = 2;
    private const int CountPosition = 6;
    private const int HeaderSize = 10;
    private const int EntrySize = 8 + 2 + 4 + 8 + 4 + 8 + 4 + 8;

    public static byte[] Serialize(ProducerStateTable producers)
    {
        byte[] bytes = new byte[HeaderSize + (producers.Count * EntrySize)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CountPosition), producers.Count);
        Span<byte> rest = bytes.AsSpan(HeaderSize);
        foreach ((long producerId, ProducerEntry entry) in producers.Entries)
        {
            ProducerBatch newest = entry.IsEmpty ? new ProducerBatch(-1, -1, 0, entry.LastTimestamp) : entry.Newest;
            BinaryPrimitives.WriteInt64BigEndian(rest, producerId);
            BinaryPrimitives.WriteInt16BigEndian(rest[8..], entry.Epoch);
            BinaryPrimitives.WriteInt32BigEndian(rest[10..], newest.LastSequence);
            BinaryPrimitives.WriteInt64BigEndian(rest[14..], newest.LastOffset);
            BinaryPrimitives.WriteInt32BigEndian(rest[22..], newest.OffsetDelta);
            BinaryPrimitives.WriteInt64BigEndian(rest[26..], entry.LastTimestamp);
            BinaryPrimitives.WriteInt32BigEndian(rest[34..], entry.CoordinatorEpoch);
            BinaryPrimitives.WriteInt64BigEndian(rest[38..], entry.TransactionFirstOffset);
            rest = rest[EntrySize..];
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcPosition), Crc32C.Compute(bytes.AsSpan(CountPosition)));
        return bytes;
    }

    /// <summary>Fills an empty table; false when the bytes are no whole snapshot, and then the table is empty.</summary>
    public static bool TryRestore(ReadOnlySpan<byte> bytes, ProducerStateTable producers)
    {
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcPosition..]) != Crc32C.Compute(bytes[CountPosition..]))
        {
            return false;
        }

        int count = BinaryPrimitives.ReadInt32BigEndian(bytes[CountPosition..]);
        if (count < 0 || bytes.Length - HeaderSize != (long)count * EntrySize)
        {
            return false;
        }

        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> source = bytes.Slice(HeaderSize + (index * EntrySize), EntrySize);
            producers.Restore(BinaryPrimitives.ReadInt64BigEndian(source), ReadEntry(source));
        }

        return true;
    }

    private static ProducerEntry ReadEntry(ReadOnlySpan<byte> source)
    {
        var entry = new ProducerEntry();
        entry.SetEpoch(BinaryPrimitives.ReadInt16BigEndian(source[8..]));
        long lastTimestamp = BinaryPrimitives.ReadInt64BigEndian(source[26..]);
        long lastOffset = BinaryPrimitives.ReadInt64BigEndian(source[14..]);
        if (lastOffset >= 0)
        {
            int lastSequence = BinaryPrimitives.ReadInt32BigEndian(source[10..]);
            entry.Add(new ProducerBatch(lastSequence, lastOffset, BinaryPrimitives.ReadInt32BigEndian(source[22..]), lastTimestamp));
        }

        entry.LastTimestamp = lastTimestamp;
        entry.CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(source[34..]);
        entry.TransactionFirstOffset = BinaryPrimitives.ReadInt64BigEndian(source[38..]);
        return entry;
    }
}
