using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Client.Producing;

/// <summary>
/// The batches of one partition: one that is being filled, those that wait, those under way. Keeps their order whatever fails: after
/// a failure that may pass, nothing more is sent until all that was under way has come back, then the batches go again from the
/// oldest, one at a time until one succeeds (KIP-98 with at most five under way). Thread-safe.
/// </summary>
internal sealed class PartitionQueue(TopicPartition partition, ProducerOptions options, ProducerIdentity identity)
{
    /// <summary>What the adaptive linger waits at most; Kafka's default for <c>linger.ms</c>.</summary>
    private static readonly TimeSpan AdaptiveLinger = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new(); // guards everything below
    private readonly LinkedList<ProducerBatch> _waiting = new();
    private readonly List<ProducerBatch> _underWay = [];
    private ProducerBatch? _open;
    private ProducerIdentity _identity = identity;
    private long _nextOrder;
    private int _nextSequence;
    private bool _isRecovering;
    private bool _needsNewEpoch;
    private long _notBefore = long.MinValue;

    public TopicPartition Partition => partition;

    /// <summary>Whether the sender looks at this queue; only the sender's lock guards it.</summary>
    public bool IsActive { get; set; }

    /// <summary>Adds a record to the batch that is being filled.</summary>
    /// <param name="record">The record.</param>
    /// <param name="stamp">Its time, and what it takes of the memory limit.</param>
    /// <param name="isPosted">Whether nobody will look at the task.</param>
    /// <param name="wakesSender">Whether the sender has something new to look at.</param>
    public ValueTask<Delivery> AppendAsync(in ProducerRecord record, in AppendStamp stamp, bool isPosted, out bool wakesSender)
    {
        lock (_lock)
        {
            wakesSender = false;
            if (_open is { } filling
                && (filling.SizeInBytes + stamp.RecordBytes > options.BatchSizeBytes || filling.RecordCount >= ProducerBatch.MaximumRecords))
            {
                SealOpen();
            }

            if (_open is null)
            {
                _open = new ProducerBatch(partition, BatchOptions(stamp.RecordBytes), stamp.Now) { Order = _nextOrder++ };
                wakesSender = true;
            }

            return _open.AppendAsync(record, stamp.TimestampMilliseconds, stamp.RecordBytes, isPosted);
        }
    }

    /// <summary>Lets the batch that is being filled go, whatever the linger time says, and lists all that is not done.</summary>
    public void Flush(List<ProducerBatch> notDone)
    {
        lock (_lock)
        {
            SealOpen();
            notDone.AddRange(_underWay);
            notDone.AddRange(_waiting);
        }
    }

    /// <summary>Whether there is nothing to send and nothing under way.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _open is null && _waiting.Count == 0 && _underWay.Count == 0;
            }
        }
    }

    /// <summary>Takes the next batch if one may be sent now.</summary>
    /// <param name="clock">The time, and what a batch may still weigh.</param>
    /// <param name="wait">Set to when to ask again at the latest, if that is known.</param>
    public ProducerBatch? TakeNext(in SendWindow clock, ref TimeSpan wait)
    {
        lock (_lock)
        {
            if (clock.Now < _notBefore)
            {
                wait = Shorter(wait, clock.Until(_notBefore));
                return null;
            }

            bool oneAtATime = _isRecovering || _needsNewEpoch;
            if (_underWay.Count >= (oneAtATime ? 1 : options.MaximumInFlightRequests))
            {
                return null;
            }

            StartNewEpoch();
            if (_waiting.Count == 0 && !TrySealDue(clock, ref wait))
            {
                return null;
            }

            ProducerBatch next = _waiting.First!.Value; // there is one: the queue was not empty, or a batch was just sealed
            if (next.SizeInBytes > clock.BytesLeft)
            {
                return null;
            }

            _waiting.RemoveFirst();
            _underWay.Add(next);
            next.Attempts++;
            return next;
        }
    }

    /// <summary>The bytes of a batch that <see cref="TakeNext"/> gave. Compresses outside the lock: nobody else touches the batch now.</summary>
    public ReadOnlyMemory<byte> Encode(ProducerBatch batch)
    {
        ProducerIdentity identity;
        int sequence = batch.BaseSequence;
        lock (_lock)
        {
            identity = _identity;
            if (sequence < 0 && identity.IsKnown)
            {
                sequence = _nextSequence;
                _nextSequence = SequenceNumbers.Advance(sequence, batch.RecordCount);
            }
        }

        return batch.Encode(identity, sequence);
    }

    /// <summary>Takes the answer for a batch that was under way.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="answer">What the broker, or the connection, said.</param>
    /// <param name="retry">Whether there is time for another attempt, and from when on.</param>
    /// <returns>Whether the batch is done, well or badly.</returns>
    public bool Settle(ProducerBatch batch, in BatchAnswer answer, in RetryAllowance retry)
    {
        lock (_lock)
        {
            bool isOldest = IsOldest(batch);
            _underWay.Remove(batch);
            if (answer.Error is ErrorCode.None or ErrorCode.DuplicateSequenceNumber)
            {
                _isRecovering = false;
                batch.Complete(answer.BaseOffset);
                return true;
            }

            if (retry.IsAllowed && MayRetry(answer.Error, isOldest))
            {
                PutBack(batch);
                _isRecovering = true;
                _notBefore = Math.Max(_notBefore, retry.NotBefore);
                return false;
            }

            // A batch that fails for good leaves a gap in the sequence. The next ones get a new epoch, in which they count from 0.
            _needsNewEpoch |= _identity.IsKnown;
            batch.Fail(answer.ToException(partition));
            return true;
        }
    }

    /// <summary>Takes out the waiting batches that are older than the delivery timeout, or all; the caller fails them.</summary>
    public void TakeExpired(Func<long, bool> isExpired, List<ProducerBatch> expired)
    {
        lock (_lock)
        {
            if (_open is { } filling && isExpired(filling.CreatedAt))
            {
                SealOpen();
            }

            while (_waiting.First is { } first && isExpired(first.Value.CreatedAt))
            {
                _waiting.RemoveFirst();
                _needsNewEpoch |= _identity.IsKnown && first.Value.BaseSequence >= 0;
                expired.Add(first.Value);
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan || other < one ? other : one;

    private bool TrySealDue(in SendWindow clock, ref TimeSpan wait)
    {
        if (_open is null)
        {
            return false;
        }

        bool isFull = _open.SizeInBytes >= options.BatchSizeBytes;
        bool leavesAtOnce = options.Linger is null && _underWay.Count == 0;
        TimeSpan left = (options.Linger ?? AdaptiveLinger) - clock.Since(_open.CreatedAt);
        if (!isFull && !leavesAtOnce && left > TimeSpan.Zero)
        {
            wait = Shorter(wait, left);
            return false;
        }

        SealOpen();
        return true;
    }

    private void SealOpen()
    {
        if (_open is { } filled)
        {
            _waiting.AddLast(filled);
            _open = null;
        }
    }

    private bool MayRetry(ErrorCode error, bool isOldest) => error switch
    {
        // The oldest batch out of order means that the broker lost records it had acknowledged; any other waits for the oldest.
        ErrorCode.OutOfOrderSequenceNumber => !isOldest || _needsNewEpoch,
        ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch when _identity.CanBump => RequestNewEpoch(),
        _ => error.IsRetriable(),
    };

    private bool RequestNewEpoch()
    {
        _needsNewEpoch = true;
        return true;
    }

    private bool IsOldest(ProducerBatch batch) =>
        (_waiting.First is not { } waiting || waiting.Value.Order > batch.Order)
        && _underWay.TrueForAll(other => other.Order >= batch.Order);

    private void PutBack(ProducerBatch batch)
    {
        LinkedListNode<ProducerBatch>? node = _waiting.First;
        while (node is not null && node.Value.Order < batch.Order)
        {
            node = node.Next;
        }

        if (node is null)
        {
            _waiting.AddLast(batch);
        }
        else
        {
            _waiting.AddBefore(node, batch);
        }
    }

    /// <summary>Only runs with nothing under way: the batches that wait are numbered anew from 0 in the next epoch.</summary>
    private void StartNewEpoch()
    {
        if (!_needsNewEpoch || !_identity.CanBump)
        {
            return;
        }

        _needsNewEpoch = false;
        _identity = _identity.Bumped();
        _nextSequence = 0;
        foreach (ProducerBatch batch in _waiting)
        {
            if (batch.BaseSequence >= 0)
            {
                batch.Renumber(_identity, _nextSequence);
                _nextSequence = SequenceNumbers.Advance(_nextSequence, batch.RecordCount);
            }
        }
    }

    private RecordBatchOptions BatchOptions(long firstRecordBytes) => new()
    {
        Codec = options.Compression,
        CompressionLevel = options.CompressionLevel,
        InitialCapacityInBytes = (int)Math.Min(Math.Max(firstRecordBytes + 128, 1024), options.BatchSizeBytes),
    };
}
