namespace Ottla.Coordination.Hosts;

/// <summary>
/// Due times of many timers, of which the host sets a real one for the nearest. Moving a timer to a later time, which every heartbeat
/// does, touches one dictionary entry: the heap keeps the old time, and the timer is put back when that comes. Not thread-safe.
/// </summary>
/// <typeparam name="TTimer">Timer keys.</typeparam>
internal sealed class TimerQueue<TTimer>
    where TTimer : notnull
{
    // Places of timers that were cancelled, or set anew to an earlier time, are swept out when they are more than this and the others.
    private const int KeptPlaces = 64;

    private readonly Dictionary<TTimer, Entry> _entries = [];
    private readonly PriorityQueue<TTimer, (long Due, long Sequence)> _heap = new();
    private long _sequence;

    private readonly record struct Entry(long Due, long QueuedDue);

    /// <summary>When the heap wants to be looked at next; null when no timer is set. Never later than the nearest due time.</summary>
    public long? NextWake => _heap.TryPeek(out _, out (long Due, long Sequence) priority) ? priority.Due : null;

    /// <summary>How many places the heap has, with those of timers that are no longer set.</summary>
    public int Places => _heap.Count;

    /// <summary>Sets or moves a timer.</summary>
    public void Set(TTimer timer, long due)
    {
        if (_entries.TryGetValue(timer, out Entry entry) && entry.QueuedDue <= due)
        {
            _entries[timer] = entry with { Due = due };
            return;
        }

        _entries[timer] = new Entry(due, due);
        _heap.Enqueue(timer, (due, _sequence++));
        if (_heap.Count > (2 * _entries.Count) + KeptPlaces)
        {
            Sweep();
        }
    }

    /// <summary>Cancels a timer, if it is set.</summary>
    public void Cancel(TTimer timer) => _entries.Remove(timer);

    /// <summary>Takes a timer that is due.</summary>
    public bool TryTakeDue(long now, out TTimer? timer)
    {
        while (_heap.TryPeek(out timer, out (long Due, long Sequence) priority) && priority.Due <= now)
        {
            _heap.Dequeue();

            // Cancelled, or set anew with an earlier time, which has its own place in the heap.
            if (!_entries.TryGetValue(timer, out Entry entry) || entry.QueuedDue != priority.Due)
            {
                continue;
            }

            if (entry.Due <= now)
            {
                _entries.Remove(timer);
                return true;
            }

            _entries[timer] = new Entry(entry.Due, entry.Due);
            _heap.Enqueue(timer, (entry.Due, _sequence++));
        }

        timer = default;
        return false;
    }

    private void Sweep()
    {
        _heap.Clear();
        foreach ((TTimer timer, Entry entry) in _entries)
        {
            _heap.Enqueue(timer, (entry.QueuedDue, _sequence++));
        }
    }
}
