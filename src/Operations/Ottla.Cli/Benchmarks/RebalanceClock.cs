namespace Ottla.Cli.Benchmarks;

/// <summary>
/// How long a group takes to share out its partitions: from the start, or from giving up partitions, until the next ones come. One thread
/// at a time.
/// </summary>
internal sealed class RebalanceClock(TimeProvider timeProvider)
{
    private long _since = timeProvider.GetTimestamp();

    public TimeSpan Total { get; private set; }

    public ValueTask BeginAsync()
    {
        _since = timeProvider.GetTimestamp();
        return ValueTask.CompletedTask;
    }

    public ValueTask EndAsync()
    {
        Total += timeProvider.GetElapsedTime(_since);
        return ValueTask.CompletedTask;
    }
}
