namespace Ottla.Broker.Connections;

/// <summary>
/// Bounds the bytes of all requests that are being read or handled. A connection waits here between knowing the size of a request and
/// receiving it, so what does not fit stays in the kernel and with the client. Like Kafka's pool it admits while anything is left, so
/// one request may overdraw it and even the largest gets through. Thread-safe.
/// </summary>
internal sealed class RequestMemoryBudget
{
    private readonly Lock _gate = new(); // guards _used and _waiting
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly long _limitInBytes;
    private long _used;

    /// <param name="limitInBytes">The limit; -1 for half of the memory that this process may use.</param>
    public RequestMemoryBudget(long limitInBytes)
    {
        _limitInBytes = limitInBytes >= 0 ? limitInBytes : Math.Max(256L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
    }

    public long UsedBytes
    {
        get
        {
            lock (_gate)
            {
                return _used;
            }
        }
    }

    /// <summary>Takes <paramref name="bytes"/>, in order of arrival, as soon as anything is left.</summary>
    public ValueTask AcquireAsync(int bytes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && _used < _limitInBytes)
            {
                _used += bytes;
                return ValueTask.CompletedTask;
            }

            var waiter = new Waiter(bytes);
            _waiting.AddLast(waiter);
            return new ValueTask(WaitAsync(waiter, cancellationToken));
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void Release(int bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
            AdmitWaiting();
        }
    }

    private async Task WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((Waiter)state!).Admission.TrySetCanceled(token), waiter); // the state is the waiter
        try
        {
            await waiter.Admission.Task;
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _waiting.Remove(waiter);
                AdmitWaiting();
            }

            throw;
        }
    }

    private void AdmitWaiting()
    {
        while (_used < _limitInBytes && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            if (first.Value.Admission.TrySetResult())
            {
                _used += first.Value.Bytes;
            }
        }
    }

    private sealed class Waiter(int bytes)
    {
        public int Bytes { get; } = bytes;

        public TaskCompletionSource Admission { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
