using Ottla.Replication.Partitions;

namespace Ottla.Replication.Waiting;

/// <summary>
/// A fetch that found too little: it sleeps until enough was appended to its partitions or its time is up. Nothing polls: an append
/// wakes it, and one timer ends it. Made for one wait.
/// </summary>
public sealed class WaitingFetch : IPartitionWaiter
{
    private readonly TaskCompletionSource<bool> _woken = new();
    private long _missingBytes;

    /// <param name="missingBytes">How many bytes have to be appended; at least 1.</param>
    private WaitingFetch(long missingBytes)
    {
        _missingBytes = missingBytes;
    }

    /// <summary>
    /// Waits until about <paramref name="missingBytes"/> were appended to <paramref name="partitions"/> together, something else
    /// happened to one of them, or the time is up. Whoever wakes it goes on with the caller's next lines on its own thread.
    /// </summary>
    /// <param name="partitions">What is waited for; each as often as it is asked for.</param>
    /// <param name="missingBytes">How many bytes are missing.</param>
    /// <param name="hasChanged">
    /// Asked once after everything is set up: whether something was appended since the caller last read. Without it an append between
    /// that read and this wait would be slept through.
    /// </param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Ends the wait without an error.</param>
    /// <returns>False when the time is up.</returns>
    public static async ValueTask<bool> WaitAsync(
        IReadOnlyList<Partition> partitions,
        long missingBytes,
        Func<bool> hasChanged,
        TimeSpan timeout,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        ArgumentNullException.ThrowIfNull(hasChanged);
        ArgumentNullException.ThrowIfNull(timeProvider);
        var waiter = new WaitingFetch(Math.Max(1, missingBytes));

        // Before anything can see that it waits, so that the time that it was given is counted from then at the latest.
        await using ITimer timer =
            timeProvider.CreateTimer(static state => ((WaitingFetch)state!)._woken.TrySetResult(false), waiter, timeout, Timeout.InfiniteTimeSpan); // the state is the waiter
        try
        {
            foreach (Partition partition in partitions)
            {
                partition.Add(waiter);
            }

            if (hasChanged())
            {
                return true;
            }

            using CancellationTokenRegistration registration =
                cancellationToken.UnsafeRegister(static state => ((WaitingFetch)state!).Wake(), waiter); // likewise
            return await waiter._woken.Task;
        }
        finally
        {
            foreach (Partition partition in partitions)
            {
                partition.Remove(waiter);
            }
        }
    }

    bool IPartitionWaiter.Announce(int appendedBytes) => Interlocked.Add(ref _missingBytes, -(long)appendedBytes) <= 0;

    void IPartitionWaiter.Wake() => Wake();

    private void Wake() => _woken.TrySetResult(true);
}
