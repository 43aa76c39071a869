namespace Ottla.Storage.Files;

/// <summary>
/// A few threads of our own that do work in the order of its arrival: one per log directory for fsync, a handful for cold reads.
/// With one thread no two items run at once.
/// </summary>
public sealed class WorkThreads : IWorkQueue, IDisposable
{
    private const int StackBytes = 1024 * 1024; // lookups by time decompress
    private readonly object _gate = new(); // guards _items and _closed; no Lock, because threads sleep on it until there is work
    private readonly Queue<IWorkItem> _items = new();
    private readonly Thread[] _threads;
    private readonly int _capacity;
    private bool _closed;

    /// <summary>Makes the queue; its threads start with <see cref="Start"/>.</summary>
    /// <param name="name">The threads' name, as a debugger shows it.</param>
    /// <param name="threadCount">How many threads, at least 1.</param>
    /// <param name="capacity">How many items may wait.</param>
    public WorkThreads(string name, int threadCount, int capacity)
    {
        _capacity = capacity;
        _threads = new Thread[threadCount];
        for (int index = 0; index < threadCount; index++)
        {
            _threads[index] = new Thread(RunItems, StackBytes) { IsBackground = true, Name = name };
        }
    }

    /// <summary>Starts the threads; called once.</summary>
    public void Start()
    {
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <inheritdoc/>
    public bool TryEnqueue(IWorkItem item)
    {
        lock (_gate)
        {
            if (_closed || _items.Count >= _capacity)
            {
                return false;
            }

            _items.Enqueue(item);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Does what is queued, then ends the threads and waits for them. Not called from one of them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            if (thread.ThreadState.HasFlag(ThreadState.Unstarted))
            {
                continue;
            }

            thread.Join();
        }
    }

    private void RunItems()
    {
        while (Take() is { } item)
        {
            item.Run();
        }
    }

    // Null when the queue is closed and all that was in it is done.
    private IWorkItem? Take()
    {
        lock (_gate)
        {
            IWorkItem? item;
            while (!_items.TryDequeue(out item) && !_closed)
            {
                Monitor.Wait(_gate);
            }

            return item;
        }
    }
}
