using Ottla.Storage.Files;

namespace Ottla.Storage.Tests.Support;

/// <summary>Runs work when the test says so, or as it arrives, on the test's thread: the same order every time.</summary>
internal sealed class InlineQueue : IWorkQueue
{
    private readonly Queue<IWorkItem> _items = new();
    private bool _isRunning;

    /// <summary>Whether work waits for <see cref="RunAll"/>.</summary>
    public bool IsPaused { get; set; }

    public bool TryEnqueue(IWorkItem item)
    {
        _items.Enqueue(item);
        if (!IsPaused)
        {
            RunAll();
        }

        return true;
    }

    public void RunAll()
    {
        if (_isRunning)
        {
            return;
        }

        _isRunning = true;
        try
        {
            while (_items.TryDequeue(out IWorkItem? item))
            {
                item.Run();
            }
        }
        finally
        {
            _isRunning = false;
        }
    }
}
