using System.Buffers.Binary;

namespace Ottla.Storage.Indexes;

/// <summary>
/// A segment's <c>.index</c>: about every <c>index.interval.bytes</c> of log an 8-byte entry, big-endian, of offset relative to the
/// segment's base and position in the file. A cache of what a scan of the log would find, never more.
/// </summary>
internal sealed class OffsetIndex
{
    public const int EntrySizeInBytes = 8;
    private readonly IndexEntries<OffsetPosition> _entries;

    public OffsetIndex()
        : this([])
    {
    }

    private OffsetIndex(OffsetPosition[] entries) => _entries = new IndexEntries<OffsetPosition>(entries);

    public int Count => _entries.Count;

    /// <summary>The last entry, or (0, 0) when there is none, which is where a scan begins anyway.</summary>
    public OffsetPosition Last => _entries.Snapshot() is [.., var last] ? last : default;

    public void Append(int relativeOffset, int position) => _entries.Append(new OffsetPosition(relativeOffset, position));

    /// <summary>The last entry at or before the offset: a batch that holds it does not begin earlier. (0, 0) when there is none.</summary>
    public OffsetPosition Lookup(int relativeOffset)
    {
        ReadOnlySpan<OffsetPosition> entries = _entries.Snapshot();
        int low = 0;
        int high = entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (entries[middle].RelativeOffset <= relativeOffset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? default : entries[low - 1];
    }

    /// <summary>Writes the entries from one index up to another as they stand in the file.</summary>
    public void Write(Span<byte> destination, int firstEntry, int endEntry)
    {
        foreach (OffsetPosition entry in _entries.Snapshot()[firstEntry..endEntry])
        {
            BinaryPrimitives.WriteInt32BigEndian(destination, entry.RelativeOffset);
            BinaryPrimitives.WriteInt32BigEndian(destination[4..], entry.Position);
            destination = destination[EntrySizeInBytes..];
        }
    }

    /// <summary>Null when the bytes are no index of a log of <paramref name="logSizeInBytes"/> whose offsets end below <paramref name="relativeEnd"/>.</summary>
    public static OffsetIndex? TryParse(ReadOnlySpan<byte> bytes, int logSizeInBytes, long relativeEnd)
    {
        if (bytes.Length % EntrySizeInBytes != 0)
        {
            return null;
        }

        var entries = new OffsetPosition[bytes.Length / EntrySizeInBytes];
        var previous = new OffsetPosition(-1, -1);
        for (int index = 0; index < entries.Length; index++)
        {
            ReadOnlySpan<byte> source = bytes.Slice(index * EntrySizeInBytes, EntrySizeInBytes);
            var entry = new OffsetPosition(BinaryPrimitives.ReadInt32BigEndian(source), BinaryPrimitives.ReadInt32BigEndian(source[4..]));
            if (entry.RelativeOffset <= previous.RelativeOffset || entry.Position <= previous.Position
                || entry.Position >= logSizeInBytes || entry.RelativeOffset >= relativeEnd)
            {
                return null;
            }

            entries[index] = previous = entry;
        }

        return new OffsetIndex(entries);
    }
}
