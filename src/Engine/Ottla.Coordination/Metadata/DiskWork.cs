using Ottla.Storage.Files;

namespace Ottla.Coordination.Metadata;

/// <summary>A function that waits for a disk, as an item of a queue.</summary>
internal sealed class DiskWork(Action work) : IWorkItem
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Completion => _completion.Task;

    /// <summary>Queues the work; its failure, or that of a closed queue, is in the returned task.</summary>
    public static Task RunAsync(IWorkQueue queue, Action work)
    {
        DiskWork item = new(work);
        return queue.TryEnqueue(item) ? item.Completion : Task.FromException(new IOException("The metadata log's disk queue is closed."));
    }

    public void Run()
    {
        try
        {
            work();
            _completion.SetResult();
        }
        catch (Exception exception)
        {
            // It goes to whoever awaits the completion.
            _completion.SetException(exception);
        }
    }
}
