namespace Ottla.Storage.Indexes;

/// <summary>
/// A growing list with one writer (under its log's lock) and readers that take no lock: an entry is written before the count that
/// includes it is published, and none is changed afterwards: a truncated log gets new indexes.
/// </summary>
internal sealed class IndexEntries<TEntry>(TEntry[] entries)
    where TEntry : struct
{
    private TEntry[] _entries = entries;
    private int _count = entries.Length;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The entries at this moment. The count is read first: an array published later is never shorter than it.</summary>
    public ReadOnlySpan<TEntry> Snapshot()
    {
        int count = Volatile.Read(ref _count);
        return Volatile.Read(ref _entries).AsSpan(0, count);
    }

    public void Append(TEntry entry)
    {
        int count = _count;
        if (count == _entries.Length)
        {
            var grown = new TEntry[Math.Max(8, count * 2)];
            _entries.AsSpan(0, count).CopyTo(grown);
            Volatile.Write(ref _entries, grown);
        }

        _entries[count] = entry;
        Volatile.Write(ref _count, count + 1);
    }
}
