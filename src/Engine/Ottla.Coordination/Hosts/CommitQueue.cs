using System.Threading.Channels;
using Ottla.Protocol;

namespace Ottla.Coordination.Hosts;

/// <summary>
/// Holds answers back until everything that was appended before them is committed, in order, without stopping the mailbox. While the
/// log commits at once, as on a single node, nothing is queued. <see cref="Appended"/> and <see cref="Answer"/> belong to the mailbox.
/// </summary>
/// <typeparam name="TReply">The machine's replies.</typeparam>
internal sealed class CommitQueue<TReply>(ICoordinatorLog log) : IAsyncDisposable
    where TReply : class
{
    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stopping = new();
    private long _committedOffset = -1;
    private long _lastOffset = -1;
    private Task? _running;

    private readonly record struct Waiting(
        long Offset, Task<ErrorCode>? Commit, TaskCompletionSource<CoordinatorAnswer<TReply>>? Source, CoordinatorAnswer<TReply> Answer);

    /// <summary>The last offset that was replayed; it is committed.</summary>
    public void StartAt(long offset) => _committedOffset = _lastOffset = offset;

    /// <summary>Notes that records up to an offset were appended.</summary>
    public void Appended(long lastOffset)
    {
        _lastOffset = lastOffset;
        Task<ErrorCode> commit = log.WaitUntilCommittedAsync(lastOffset, _stopping.Token).AsTask();
        if (_running is null && commit is { IsCompletedSuccessfully: true, Result: ErrorCode.None })
        {
            Volatile.Write(ref _committedOffset, lastOffset);
            return;
        }

        Enqueue(new Waiting(lastOffset, commit, null, default));
    }

    /// <summary>Answers now if everything appended is committed, else when it is.</summary>
    public void Answer(TaskCompletionSource<CoordinatorAnswer<TReply>> source, CoordinatorAnswer<TReply> answer)
    {
        if (Volatile.Read(ref _committedOffset) >= _lastOffset)
        {
            source.SetResult(answer);
        }
        else
        {
            Enqueue(new Waiting(_lastOffset, null, source, answer));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        if (_running is { } running)
        {
            await running;
        }

        _stopping.Dispose();
    }

    private void Enqueue(Waiting waiting)
    {
        _queue.Writer.TryWrite(waiting);
        _running ??= RunAsync();
    }

    private async Task RunAsync()
    {
        ErrorCode error = ErrorCode.None;
        await foreach (Waiting waiting in _queue.Reader.ReadAllAsync())
        {
            if (waiting.Commit is { } commit)
            {
                error = await AwaitCommitAsync(commit);
                if (error == ErrorCode.None)
                {
                    Volatile.Write(ref _committedOffset, waiting.Offset);
                }
            }

            waiting.Source?.SetResult(error == ErrorCode.None ? waiting.Answer : new CoordinatorAnswer<TReply>(error, null));
        }
    }

    private static async ValueTask<ErrorCode> AwaitCommitAsync(Task<ErrorCode> commit)
    {
        try
        {
            return await commit == ErrorCode.None ? ErrorCode.None : ErrorCode.CoordinatorNotAvailable;
        }
        catch (OperationCanceledException)
        {
            return ErrorCode.NotCoordinator;
        }
    }
}
