using System.Threading.Tasks.Sources;

namespace Ottla.Client.Waiting;

/// <summary>
/// Lets one loop sleep until somebody has work for it or a time has come, without allocating for it. Any thread may set it; one loop
/// waits. A signal that comes while nobody waits is kept.
/// </summary>
internal sealed class WakeSignal : IValueTaskSource, IAsyncDisposable
{
    private const int Idle = 0;
    private const int Set = 1;
    private const int Waiting = 2;

    private readonly ITimer _timer;
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    public WakeSignal(TimeProvider timeProvider)
    {
        _timer = timeProvider.CreateTimer(
            static state => ((WakeSignal)state!).Wake(), // the state is the signal, given in the next argument
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public void Wake()
    {
        if (Volatile.Read(ref _state) != Set && Interlocked.Exchange(ref _state, Set) == Waiting)
        {
            _core.SetResult(true);
        }
    }

    /// <summary>Waits for <see cref="Wake"/>, but not longer than <paramref name="limit"/>; may return early.</summary>
    public async ValueTask WaitAsync(TimeSpan limit)
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            if (limit != Timeout.InfiniteTimeSpan)
            {
                _timer.Change(limit, Timeout.InfiniteTimeSpan);
            }

            await new ValueTask(this, _core.Version).ConfigureAwait(false);
        }

        // Cleared before the loop looks for work, so that work which comes later wakes it again.
        Interlocked.Exchange(ref _state, Idle);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
