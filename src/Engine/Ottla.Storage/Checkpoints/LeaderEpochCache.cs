using Ottla.Protocol;

namespace Ottla.Storage.Checkpoints;

/// <summary>
/// The leader epochs of a log and where each begins (KIP-101), both strictly rising. Immutable: a change makes a new one, so that
/// readers need no lock and a checkpoint writes what was true at one moment.
/// </summary>
internal sealed class LeaderEpochCache
{
    private readonly LeaderEpochEntry[] _entries;

    private LeaderEpochCache(LeaderEpochEntry[] entries) => _entries = entries;

    public static LeaderEpochCache Empty { get; } = new([]);

    public IReadOnlyList<LeaderEpochEntry> Entries => _entries;

    public LeaderEpoch? Latest => _entries is [.., var last] ? last.Epoch : null;

    public static LeaderEpochCache From(IEnumerable<LeaderEpochEntry> entries) => new([.. entries]);

    /// <summary>
    /// Lets an epoch begin at an offset. An epoch that is not newer changes nothing, unless it contradicts what is known: entries at or
    /// past the offset, and of the same or newer epochs, then give way.
    /// </summary>
    public LeaderEpochCache Assign(LeaderEpoch epoch, long startOffset)
    {
        if (_entries is [.., var last])
        {
            if (epoch == last.Epoch && startOffset >= last.StartOffset)
            {
                return this;
            }

            if (epoch.Value > last.Epoch.Value && startOffset > last.StartOffset)
            {
                return new LeaderEpochCache([.. _entries, new LeaderEpochEntry(epoch, startOffset)]);
            }
        }

        var kept = new List<LeaderEpochEntry>(_entries.Length + 1);
        foreach (LeaderEpochEntry entry in _entries)
        {
            if (entry.Epoch.Value < epoch.Value && entry.StartOffset < startOffset)
            {
                kept.Add(entry);
            }
        }

        kept.Add(new LeaderEpochEntry(epoch, startOffset));
        return From(kept);
    }

    /// <summary>Forgets epochs that begin at or past the log's end.</summary>
    public LeaderEpochCache TruncateFromEnd(long endOffset)
    {
        int count = _entries.Length;
        while (count > 0 && _entries[count - 1].StartOffset >= endOffset)
        {
            count--;
        }

        return count == _entries.Length ? this : new LeaderEpochCache(_entries[..count]);
    }

    /// <summary>Forgets epochs that end before the log's start; the one that holds it begins there.</summary>
    public LeaderEpochCache TruncateFromStart(long startOffset)
    {
        int first = _entries.Length - 1;
        while (first >= 0 && _entries[first].StartOffset > startOffset)
        {
            first--;
        }

        if (first < 0 || (first == 0 && _entries[0].StartOffset == startOffset))
        {
            return this;
        }

        LeaderEpochEntry[] kept = _entries[first..];
        kept[0] = kept[0] with { StartOffset = startOffset };
        return new LeaderEpochCache(kept);
    }

    /// <summary>The epoch under which the record at an offset was written.</summary>
    public LeaderEpoch? EpochOf(long offset)
    {
        for (int index = _entries.Length - 1; index >= 0; index--)
        {
            if (_entries[index].StartOffset <= offset)
            {
                return _entries[index].Epoch;
            }
        }

        return null;
    }

    /// <summary>
    /// The largest known epoch not above the requested one, and where it ends: at the next epoch's start, or at the log's end. An epoch
    /// newer than all known answers none and -1; one older than all known answers itself and the start of the first.
    /// </summary>
    public LeaderEpochEntry EndOffsetFor(LeaderEpoch requested, long logEndOffset)
    {
        var undefined = new LeaderEpochEntry(LeaderEpoch.None, -1);
        if (requested == LeaderEpoch.None || _entries.Length == 0 || requested.Value > _entries[^1].Epoch.Value)
        {
            return undefined;
        }

        if (requested == _entries[^1].Epoch)
        {
            return new LeaderEpochEntry(requested, logEndOffset);
        }

        int higher = 0;
        while (_entries[higher].Epoch.Value <= requested.Value)
        {
            higher++;
        }

        LeaderEpoch floor = higher == 0 ? requested : _entries[higher - 1].Epoch;
        return new LeaderEpochEntry(floor, _entries[higher].StartOffset);
    }
}
