using Ottla.Protocol;
using Ottla.Replication.Partitions;

namespace Ottla.Replication.Waiting;

/// <summary>
/// A produce with acks=all that waits until its records are committed. On one node they are as soon as they are appended, and nothing
/// is waited for; with followers it sleeps until the high watermark of its partition passes, the leader changes, or time is up.
/// </summary>
public sealed class WaitingProduce : IPartitionWaiter
{
    private readonly TaskCompletionSource _woken = new();
    private readonly Partition _partition;
    private readonly long _lastOffset;
    private readonly LeaderEpoch _leaderEpoch;

    private WaitingProduce(Partition partition, long lastOffset, LeaderEpoch leaderEpoch)
    {
        _partition = partition;
        _lastOffset = lastOffset;
        _leaderEpoch = leaderEpoch;
    }

    private bool IsOver => _partition.HighWatermark > _lastOffset || _partition.CheckLeader(_leaderEpoch) != ErrorCode.None;

    /// <summary>
    /// Waits until the record at <paramref name="lastOffset"/>, appended in <paramref name="leaderEpoch"/>, is committed.
    /// </summary>
    /// <returns>
    /// <see cref="ErrorCode.None"/>; <see cref="ErrorCode.RequestTimedOut"/>, which leaves open what becomes of the record; or what
    /// <see cref="Partition.CheckLeader"/> says when this broker no longer leads in that epoch.
    /// </returns>
    public static ValueTask<ErrorCode> WaitAsync(
        Partition partition, long lastOffset, LeaderEpoch leaderEpoch, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partition);
        return partition.HighWatermark > lastOffset
            ? ValueTask.FromResult(ErrorCode.None)
            : new WaitingProduce(partition, lastOffset, leaderEpoch).RunAsync(timeout, timeProvider, cancellationToken);
    }

    bool IPartitionWaiter.Announce(int appendedBytes) => IsOver;

    void IPartitionWaiter.Wake() => Wake();

    private async ValueTask<ErrorCode> RunAsync(TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _partition.Add(this);
        try
        {
            if (!IsOver)
            {
                using CancellationTokenRegistration registration =
                    cancellationToken.UnsafeRegister(static state => ((WaitingProduce)state!).Wake(), this); // the state is this waiter
                await using ITimer timer = timeProvider.CreateTimer(
                    static state => ((WaitingProduce)state!).Wake(), this, timeout, Timeout.InfiniteTimeSpan); // likewise
                await _woken.Task;
            }
        }
        finally
        {
            _partition.Remove(this);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_partition.CheckLeader(_leaderEpoch) is var error and not ErrorCode.None)
        {
            return error;
        }

        return _partition.HighWatermark > _lastOffset ? ErrorCode.None : ErrorCode.RequestTimedOut;
    }

    private void Wake() => _woken.TrySetResult();
}
