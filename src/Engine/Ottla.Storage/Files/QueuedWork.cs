namespace Ottla.Storage.Files;

/// <summary>A function that waits for a disk, as an item of a queue whose result can be awaited.</summary>
internal sealed class QueuedWork<TResult>(Func<TResult> work, CancellationToken cancellationToken) : IWorkItem
{
    // Continuations run elsewhere: the queue's thread is for the disk alone.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Completion => _completion.Task;

    public void Run()
    {
        if (cancellationToken.IsCancellationRequested)
        {
            _completion.SetCanceled(cancellationToken);
            return;
        }

        try
        {
            _completion.SetResult(work());
        }
#pragma warning disable CA1031 // The exception goes to whoever awaits the result.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _completion.SetException(exception);
        }
    }
}
