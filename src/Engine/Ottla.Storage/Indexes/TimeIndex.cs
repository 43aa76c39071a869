using System.Buffers.Binary;

namespace Ottla.Storage.Indexes;

/// <summary>
/// A segment's <c>.timeindex</c>: 12-byte entries, big-endian, of the greatest timestamp so far and the offset relative to the segment's
/// base of the batch that has it. The last entry of a closed segment tells the segment's greatest timestamp.
/// </summary>
internal sealed class TimeIndex
{
    public const int EntrySizeInBytes = 12;
    private readonly IndexEntries<TimestampOffset> _entries;

    public TimeIndex()
        : this([])
    {
    }

    private TimeIndex(TimestampOffset[] entries) => _entries = new IndexEntries<TimestampOffset>(entries);

    public int Count => _entries.Count;

    public TimestampOffset Last => _entries.Snapshot() is [.., var last] ? last : TimestampOffset.None;

    /// <summary>Adds an entry when its timestamp is later than that of the last one.</summary>
    public void Append(TimestampOffset entry)
    {
        if (entry.Timestamp > Last.Timestamp)
        {
            _entries.Append(entry);
        }
    }

    /// <summary>
    /// The last entry whose timestamp is at or before <paramref name="timestamp"/>: the first record that is as late stands in its batch
    /// or after it. <see cref="TimestampOffset.None"/> when a scan must begin at the segment's start.
    /// </summary>
    public TimestampOffset Lookup(long timestamp)
    {
        ReadOnlySpan<TimestampOffset> entries = _entries.Snapshot();
        int low = 0;
        int high = entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (entries[middle].Timestamp <= timestamp)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? TimestampOffset.None : entries[low - 1];
    }

    /// <summary>Writes the entries from one index up to another as they stand in the file.</summary>
    public void Write(Span<byte> destination, int firstEntry, int endEntry)
    {
        foreach (TimestampOffset entry in _entries.Snapshot()[firstEntry..endEntry])
        {
            BinaryPrimitives.WriteInt64BigEndian(destination, entry.Timestamp);
            BinaryPrimitives.WriteInt32BigEndian(destination[8..], entry.RelativeOffset);
            destination = destination[EntrySizeInBytes..];
        }
    }

    /// <summary>Null when the bytes are no time index of a log whose offsets end below <paramref name="relativeEnd"/>.</summary>
    public static TimeIndex? TryParse(ReadOnlySpan<byte> bytes, long relativeEnd)
    {
        if (bytes.Length % EntrySizeInBytes != 0)
        {
            return null;
        }

        var entries = new TimestampOffset[bytes.Length / EntrySizeInBytes];
        TimestampOffset previous = TimestampOffset.None;
        for (int index = 0; index < entries.Length; index++)
        {
            ReadOnlySpan<byte> source = bytes.Slice(index * EntrySizeInBytes, EntrySizeInBytes);
            var entry = new TimestampOffset(BinaryPrimitives.ReadInt64BigEndian(source), BinaryPrimitives.ReadInt32BigEndian(source[8..]));
            if (entry.Timestamp <= previous.Timestamp || entry.RelativeOffset <= previous.RelativeOffset || entry.RelativeOffset >= relativeEnd)
            {
                return null;
            }

            entries[index] = previous = entry;
        }

        return new TimeIndex(entries);
    }
}
