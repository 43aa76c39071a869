using Ottla.Coordination.Hosts;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Coordination.Tests.Hosts;

/// <summary>A log in memory whose appends and commits a test can hold back or make fail. Thread-safe.</summary>
internal sealed class MemoryCoordinatorLog : ICoordinatorLog
{
    private readonly Lock _gate = new(); // guards _batches, LogEndOffset and _uncommitted
    private readonly List<(long BaseOffset, byte[] Bytes)> _batches = [];
    private readonly List<TaskCompletionSource<ErrorCode>> _uncommitted = [];

    public long LogStartOffset => 0;

    public long LogEndOffset { get; private set; }

    public int MaxBatchBytes { get; set; } = 1_048_588;

    /// <summary>What the next appends answer.</summary>
    public ErrorCode AppendError { get; set; }

    /// <summary>Whether appends wait for <see cref="Commit"/>.</summary>
    public bool HoldsCommits { get; set; }

    /// <summary>Completed before anything is read.</summary>
    public Task ReadGate { get; set; } = Task.CompletedTask;

    public int BatchCount
    {
        get
        {
            lock (_gate)
            {
                return _batches.Count;
            }
        }
    }

    public CoordinatorAppend Append(Memory<byte> batch)
    {
        lock (_gate)
        {
            if (batch.Length > MaxBatchBytes)
            {
                return new CoordinatorAppend(ErrorCode.MessageTooLarge, -1);
            }

            if (AppendError != ErrorCode.None)
            {
                return new CoordinatorAppend(AppendError, -1);
            }

            RecordBatchPatch.SetBaseOffset(batch.Span, LogEndOffset);
            Assert.True(RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header));
            Assert.True(header.CrcMatches(batch.Span));
            _batches.Add((LogEndOffset, batch.ToArray()));
            LogEndOffset = header.NextOffset;
            return new CoordinatorAppend(ErrorCode.None, header.LastOffset);
        }
    }

    public ValueTask<ErrorCode> WaitUntilCommittedAsync(long offset, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!HoldsCommits)
            {
                return new ValueTask<ErrorCode>(ErrorCode.None);
            }

            var waiting = new TaskCompletionSource<ErrorCode>(TaskCreationOptions.RunContinuationsAsynchronously);
            cancellationToken.Register(() => waiting.TrySetCanceled(cancellationToken));
            _uncommitted.Add(waiting);
            return new ValueTask<ErrorCode>(waiting.Task);
        }
    }

    public void Commit(ErrorCode outcome = ErrorCode.None)
    {
        TaskCompletionSource<ErrorCode>[] waiting;
        lock (_gate)
        {
            waiting = [.. _uncommitted];
            _uncommitted.Clear();
        }

        foreach (TaskCompletionSource<ErrorCode> source in waiting)
        {
            source.TrySetResult(outcome);
        }
    }

    public async ValueTask<CoordinatorRead> ReadAsync(long offset, int maxBytes, CancellationToken cancellationToken)
    {
        await ReadGate.WaitAsync(cancellationToken);
        lock (_gate)
        {
            int index = _batches.FindLastIndex(batch => batch.BaseOffset <= offset);
            var bytes = new List<byte>();
            for (int i = index; i < _batches.Count && (i == index || bytes.Count + _batches[i].Bytes.Length <= maxBytes); i++)
            {
                bytes.AddRange(_batches[i].Bytes);
            }

            return new CoordinatorRead(ErrorCode.None, bytes.ToArray(), null);
        }
    }
}
