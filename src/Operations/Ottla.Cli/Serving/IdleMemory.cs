namespace Ottla.Cli.Serving;

/// <summary>
/// Gives the memory that a burst of work has left behind back to the system once the broker is quiet. The collector by itself waits for
/// the next allocations, which on a quiet broker do not come: a thousand new partitions leave 15 MiB of garbage for as long as it idles.
/// Only where the process is the broker's own: in a user's process the memory is the user's concern.
/// </summary>
internal sealed class IdleMemory
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    // What idle connections and timers allocate in a period stays far below.
    private const long QuietBytes = 128 * 1024;

    // For less there is nothing to gain from a collection.
    private const long WorthwhileBytes = 2 * 1024 * 1024;

    private long _allocatedAtLook;
    private long _allocatedAtCollection;

    /// <summary>Looks every two seconds, until cancelled.</summary>
    public static async Task WatchAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var idle = new IdleMemory();
        using var timer = new PeriodicTimer(Period, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (idle.IsCollectionDue(GC.GetTotalAllocatedBytes()))
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The broker stops.
        }
    }

    /// <summary>Whether hardly anything was allocated since the last look, but much since the last collection.</summary>
    /// <param name="allocatedBytes">All that the process has allocated so far.</param>
    internal bool IsCollectionDue(long allocatedBytes)
    {
        bool isQuiet = allocatedBytes - _allocatedAtLook < QuietBytes;
        _allocatedAtLook = allocatedBytes;
        if (!isQuiet || allocatedBytes - _allocatedAtCollection < WorthwhileBytes)
        {
            return false;
        }

        _allocatedAtCollection = allocatedBytes;
        return true;
    }
}
