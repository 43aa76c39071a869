namespace Ottla.Storage.Files;

/// <summary>Where work that waits for a disk is handed over, so that no thread of the pool waits for it.</summary>
public interface IWorkQueue
{
    /// <summary>Queues the work; false when the queue is full or closed, and then it never runs. Thread-safe.</summary>
    bool TryEnqueue(IWorkItem item);
}
