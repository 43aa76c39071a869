using Ottla.Coordination.Hosts;
using Ottla.Protocol;
using Ottla.Records;
using Ottla.Replication.Partitions;
using Ottla.Replication.Waiting;
using Ottla.Storage.Logs;

namespace Ottla.Broker.Hosting;

/// <summary>A coordinator's log on a partition that this broker leads, in the epoch in which it began to.</summary>
internal sealed class PartitionCoordinatorLog : ICoordinatorLog
{
    // A record that is not committed by then may still be, so the coordinator starts over from its log.
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(5);

    private readonly Partition _partition;
    private readonly LeaderEpoch _leaderEpoch;
    private readonly TimeProvider _timeProvider;
    private bool _mustFlush; // appends and waits come from one thread at a time, the mailbox of the coordinator

    public PartitionCoordinatorLog(Partition partition, TimeProvider timeProvider)
    {
        _partition = partition;
        _leaderEpoch = partition.LeaderEpoch;
        _timeProvider = timeProvider;
    }

    public long LogStartOffset => _partition.Log.LogStartOffset;

    public long LogEndOffset => _partition.Log.LogEndOffset;

    public int MaxBatchBytes => _partition.Settings.MaxMessageBytes;

    public CoordinatorAppend Append(Memory<byte> batch)
    {
        if (!RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header))
        {
            throw new ArgumentException("A coordinator's batch is malformed.", nameof(batch));
        }

        if (batch.Length > MaxBatchBytes)
        {
            return new CoordinatorAppend(ErrorCode.MessageTooLarge, -1);
        }

        PartitionAppend append = _partition.AppendAsLeader(batch, header, new AppendRequirements
        {
            Origin = AppendOrigin.Coordinator,
            RequiredAcks = -1,
            ExpectedLeaderEpoch = _leaderEpoch,
        });
        _mustFlush |= append.IsFlushDue;
        return new CoordinatorAppend(append.Error, append.LastOffset);
    }

    public ValueTask<ErrorCode> WaitUntilCommittedAsync(long offset, CancellationToken cancellationToken)
    {
        if (!_mustFlush)
        {
            return WaitForReplicasAsync(offset, cancellationToken);
        }

        _mustFlush = false;
        return FlushAsync(offset, cancellationToken);
    }

    public async ValueTask<CoordinatorRead> ReadAsync(long offset, int maxBytes, CancellationToken cancellationToken)
    {
        LogRead read = await _partition.Log.ReadAsync(offset, maxBytes, atLeastOneBatch: true, LogEndOffset, cancellationToken);
        return new CoordinatorRead(read.Error, read.Records, read.Buffer);
    }

    private async ValueTask<ErrorCode> FlushAsync(long offset, CancellationToken cancellationToken)
    {
        ErrorCode error = await _partition.Log.FlushAsync();
        return error == ErrorCode.None ? await WaitForReplicasAsync(offset, cancellationToken) : error;
    }

    private ValueTask<ErrorCode> WaitForReplicasAsync(long offset, CancellationToken cancellationToken) =>
        WaitingProduce.WaitAsync(_partition, offset, _leaderEpoch, CommitTimeout, _timeProvider, cancellationToken);
}
