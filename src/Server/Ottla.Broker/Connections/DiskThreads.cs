using System.Runtime.CompilerServices;
using Ottla.Storage.Files;

namespace Ottla.Broker.Connections;

/// <summary>
/// The threads on which requests are handled that write to a disk. A write is a copy into memory until a disk stalls; then it waits for
/// seconds, and the threads that serve the sockets of everybody must not wait with it. Thread-safe.
/// </summary>
internal sealed class DiskThreads : IDisposable
{
    /// <summary>So many stalled writes leave no thread for further ones; all else is still served.</summary>
    public const int Count = 8;

    [ThreadStatic]
    private static bool _isCurrent;

    private readonly WorkThreads _threads = new("ottla-append", Count, capacity: int.MaxValue);

    /// <summary>Starts the threads; called once.</summary>
    public void Start() => _threads.Start();

    /// <summary>Awaited, goes on on one of the threads; at once where it is one already.</summary>
    public Switch SwitchTo() => new(_threads);

    /// <summary>Ends the threads; every connection has ended before.</summary>
    public void Dispose() => _threads.Dispose();

    /// <summary>The awaitable of <see cref="SwitchTo"/>.</summary>
    public readonly struct Switch(WorkThreads threads) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => _isCurrent;

        public Switch GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            if (!threads.TryEnqueue(new Continuation(continuation)))
            {
                // Stopping: the loop finds its connection closed, wherever it runs.
                ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
            }
        }
    }

    private sealed class Continuation(Action action) : IWorkItem
    {
        public void Run()
        {
            _isCurrent = true;
            action();
        }
    }
}
