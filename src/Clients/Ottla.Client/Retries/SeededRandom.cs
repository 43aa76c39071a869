namespace Ottla.Client.Retries;

/// <summary>Random numbers from an injected seed, for every thread. Not for secrets.</summary>
internal sealed class SeededRandom
{
    private readonly Lock _lock = new(); // guards _random
    private readonly Random _random;

    public SeededRandom(int? seed)
    {
        _random = seed is { } value ? new Random(value) : new Random();
    }

    /// <summary>A number from 0 to just under <paramref name="limit"/>.</summary>
    public int Below(int limit)
    {
        lock (_lock)
        {
            return _random.Next(limit);
        }
    }

    /// <summary>A number from 0 to just under 1.</summary>
    public double Fraction()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }
}
