using Ottla.Protocol;

namespace Ottla.Transport.Links;

/// <summary>A request that was sent and waits for its answer, or for its caller's patience to end.</summary>
internal sealed class PendingRequest(long deadline)
{
    // The read loop completes requests; what comes after runs elsewhere, so that no caller can hold up the other answers.
    private readonly TaskCompletionSource<PooledBuffer> _frame = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set once, when the request is enqueued.</summary>
    public int CorrelationId { get; set; }

    /// <summary>The timestamp of the link's clock at which the link gives up.</summary>
    public long Deadline { get; } = deadline;

    public Task<PooledBuffer> Frame => _frame.Task;

    /// <summary>Hands over the answer. The buffer is given back when nobody waits any more.</summary>
    public void Complete(PooledBuffer frame)
    {
        if (!_frame.TrySetResult(frame))
        {
            frame.Dispose();
        }
    }

    public void Fail(LinkException failure)
    {
        if (_frame.TrySetException(failure))
        {
            _ = _frame.Task.Exception; // looked at, so that a caller that was cancelled leaves no unobserved error
        }
    }

    public void Cancel(CancellationToken cancellationToken) => _frame.TrySetCanceled(cancellationToken);
}
