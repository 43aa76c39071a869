namespace Ottla.Cli.Benchmarks;

/// <summary>Holds a loop to a number of events per second by the time at which each is due, so that a late one does not lower the rate.</summary>
internal sealed class Pacer(double perSecond, TimeProvider timeProvider)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly long _started = timeProvider.GetTimestamp();

    /// <summary>Waits until event number <paramref name="index"/> is due; no rate, no wait.</summary>
    public async ValueTask WaitForAsync(long index, CancellationToken cancellationToken)
    {
        if (perSecond <= 0)
        {
            return;
        }

        TimeSpan early = TimeSpan.FromSeconds(index / perSecond) - timeProvider.GetElapsedTime(_started);
        if (early >= ShortestWait)
        {
            await Task.Delay(early, timeProvider, cancellationToken);
        }
    }
}
