namespace Ottla.Broker.Requests.Fetch;

/// <summary>The fetch sessions of this broker, as many as <c>max.incremental.fetch.session.cache.slots</c>. Thread-safe.</summary>
internal sealed class FetchSessionCache
{
    // A session that was used within this time is not thrown out for a new one.
    private static readonly TimeSpan EvictableAfter = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new(); // guards _sessions and _random, and LastUsed of each session
    private readonly Dictionary<int, FetchSession> _sessions = [];
    private readonly int _slots;
    private readonly Random _random;
    private readonly TimeProvider _timeProvider;

    public FetchSessionCache(int slots, Random random, TimeProvider timeProvider)
    {
        _slots = slots;
        _random = random;
        _timeProvider = timeProvider;
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Makes a session; null when every slot is taken by one that is in use.</summary>
    public FetchSession? TryCreate(bool usesTopicIds)
    {
        lock (_gate)
        {
            if (_sessions.Count >= _slots && !TryEvict())
            {
                return null;
            }

            int id;
            do
            {
                id = _random.Next(1, int.MaxValue);
            }
            while (_sessions.ContainsKey(id));

            var session = new FetchSession(id, usesTopicIds) { LastUsed = _timeProvider.GetTimestamp() };
            _sessions.Add(id, session);
            return session;
        }
    }

    public FetchSession? Find(int id)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(id, out FetchSession? session))
            {
                session.LastUsed = _timeProvider.GetTimestamp();
            }

            return session;
        }
    }

    public void Remove(int id)
    {
        lock (_gate)
        {
            _sessions.Remove(id);
        }
    }

    private bool TryEvict()
    {
        FetchSession? oldest = null;
        foreach (FetchSession session in _sessions.Values)
        {
            oldest = oldest is null || session.LastUsed < oldest.LastUsed ? session : oldest;
        }

        return oldest is not null && _timeProvider.GetElapsedTime(oldest.LastUsed) > EvictableAfter && _sessions.Remove(oldest.Id);
    }
}
