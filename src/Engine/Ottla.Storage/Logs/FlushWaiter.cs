using Ottla.Protocol;

namespace Ottla.Storage.Logs;

/// <summary>A caller that waits until the log is durable up to an offset.</summary>
internal sealed class FlushWaiter(long targetOffset)
{
    // Continuations run elsewhere: the sync thread has other logs to sync.
    private readonly TaskCompletionSource<ErrorCode> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long TargetOffset => targetOffset;

    public Task<ErrorCode> Completion => _completion.Task;

    public void Complete(ErrorCode error) => _completion.TrySetResult(error);
}
