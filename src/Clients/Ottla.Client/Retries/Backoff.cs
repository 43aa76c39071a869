namespace Ottla.Client.Retries;

/// <summary>
/// How long to wait before a retry: doubling from <paramref name="initial"/> to <paramref name="maximum"/>, each spread by a fifth
/// either way, so that clients which failed together do not come back together (KIP-580).
/// </summary>
internal sealed class Backoff(TimeSpan initial, TimeSpan maximum, SeededRandom random)
{
    private const double Jitter = 0.2;

    /// <summary>The wait before retry number <paramref name="attempt"/>, counted from 0.</summary>
    public TimeSpan Delay(int attempt)
    {
        double doubled = initial.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 30));
        double capped = Math.Min(doubled, maximum.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(capped * (1 - Jitter + (2 * Jitter * random.Fraction())));
    }
}
