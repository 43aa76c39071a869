namespace Ottla.Client.Producing;

/// <summary>
/// A limit on the bytes that wait for delivery. Whoever finds it exhausted waits in line, so that a large record is not passed over
/// for ever by small ones. Thread-safe.
/// </summary>
internal sealed class MemoryBudget(long limitBytes)
{
    private readonly Lock _lock = new(); // guards _used and _line
    private readonly LinkedList<Waiter> _line = new();
    private long _used;

    public long UsedBytes
    {
        get
        {
            lock (_lock)
            {
                return _used;
            }
        }
    }

    /// <summary>Takes bytes if they are free and nobody waits for some. A request above the whole limit is granted when all is free.</summary>
    public bool TryReserve(long bytes)
    {
        lock (_lock)
        {
            if (_line.Count > 0 || !Fits(bytes))
            {
                return false;
            }

            _used += bytes;
            return true;
        }
    }

    /// <summary>Takes bytes as soon as they are free.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first; nothing is taken.</exception>
    public async ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            if (_line.Count == 0 && Fits(bytes))
            {
                _used += bytes;
                return;
            }

            node = _line.AddLast(new Waiter(bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), // the state is the source given next
            node.Value.Granted);
        try
        {
            await node.Value.Granted.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (node.List is not null)
                {
                    _line.Remove(node);
                }

                GrantInOrder();
            }

            throw;
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Release(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            GrantInOrder();
        }
    }

    // Called under the lock. A waiter that was cancelled meanwhile takes nothing.
    private void GrantInOrder()
    {
        while (_line.First is { } first && Fits(first.Value.Bytes))
        {
            _line.RemoveFirst();
            if (first.Value.Granted.TrySetResult())
            {
                _used += first.Value.Bytes;
            }
        }
    }

    private bool Fits(long bytes) => _used + bytes <= limitBytes || _used == 0;

    private readonly record struct Waiter(long Bytes, TaskCompletionSource Granted);
}
