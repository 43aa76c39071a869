using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Client.Producing;

/// <summary>
/// Records of one partition on their way. It is also the source of every record's task: the token is the record's number in the
/// batch, so that awaiting a record allocates nothing of its own. Filling and sending happen under the partition queue's lock;
/// completion and waiting are thread-safe.
/// </summary>
#pragma warning disable CA1001 // being done gives the builder back, and every batch is done once
internal sealed class ProducerBatch : IValueTaskSource<Delivery>
#pragma warning restore CA1001
{
    /// <summary>What a task's token can tell apart.</summary>
    public const int MaximumRecords = ushort.MaxValue;

    private readonly RecordBatchBuilder _builder;
    private Memory<byte> _encoded;

    private readonly Lock _lock = new(); // guards the fields below
    private readonly List<DeliveryWaiter> _waiters = [];
    private bool _isDone;
    private long _baseOffset = -1;
    private KafkaException? _failure;

    public ProducerBatch(TopicPartition partition, RecordBatchOptions options, long createdAt)
    {
        Partition = partition;
        CreatedAt = createdAt;
        _builder = new RecordBatchBuilder(options);
    }

    public TopicPartition Partition { get; }

    /// <summary>When the first record came, as a timestamp of the client's clock.</summary>
    public long CreatedAt { get; }

    /// <summary>The partition queue's running number; batches are sent in this order.</summary>
    public long Order { get; set; }

    public int RecordCount => _builder.RecordCount;

    public int SizeInBytes => _builder.SizeInBytes;

    /// <summary>Bytes of the memory limit that the batch holds until it is done.</summary>
    public long ReservedBytes { get; private set; }

    /// <summary>Records whose sender does not look at their tasks.</summary>
    public int PostedCount { get; private set; }

    /// <summary>The first record's sequence number; -1 until the batch is first sent, and for producers without.</summary>
    public int BaseSequence { get; private set; } = -1;

    public int Attempts { get; set; }

    /// <summary>Adds a record and returns its task.</summary>
    public ValueTask<Delivery> AppendAsync(in ProducerRecord record, long timestamp, long reservedBytes, bool isPosted)
    {
        int index = _builder.Append(timestamp, record.Key, record.Value, record.Headers);
        ReservedBytes += reservedBytes;
        PostedCount += isPosted ? 1 : 0;
        return new ValueTask<Delivery>(this, unchecked((short)index));
    }

    /// <summary>The batch as it goes over the wire, built when it is asked for first.</summary>
    public ReadOnlyMemory<byte> Encode(ProducerIdentity identity, int baseSequence)
    {
        if (_encoded.IsEmpty)
        {
            if (identity.IsKnown)
            {
                _builder.SetProducer(identity.Id, identity.Epoch, baseSequence);
            }

            BaseSequence = baseSequence;
            _encoded = _builder.Build();
        }

        return _encoded;
    }

    /// <summary>Gives a batch that was encoded before another epoch and sequence, after an earlier batch failed for good.</summary>
    public void Renumber(ProducerIdentity identity, int baseSequence)
    {
        BaseSequence = baseSequence;
        if (!_encoded.IsEmpty)
        {
            RecordBatchPatch.SetProducer(_encoded.Span, identity.Id.Value, identity.Epoch, baseSequence);
        }
    }

    /// <summary>Ends the batch well; a base offset of -1 stands for an unknown one.</summary>
    public void Complete(long baseOffset) => Finish(baseOffset, null);

    /// <summary>Ends the batch with the failure that every record's task throws.</summary>
    public void Fail(KafkaException failure) => Finish(-1, failure);

    /// <summary>A task that ends with the batch and throws what its records throw.</summary>
    public Task WhenDoneAsync() => new ValueTask<Delivery>(this, 0).AsTask();

    public ValueTaskSourceStatus GetStatus(short token)
    {
        lock (_lock)
        {
            return !_isDone ? ValueTaskSourceStatus.Pending
                : _failure is null ? ValueTaskSourceStatus.Succeeded
                : ValueTaskSourceStatus.Faulted;
        }
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        var waiter = new DeliveryWaiter(
            continuation,
            state,
            (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0,
            (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0);
        lock (_lock)
        {
            if (!_isDone)
            {
                _waiters.Add(waiter);
                return;
            }
        }

        waiter.Resume();
    }

    public Delivery GetResult(short token)
    {
        lock (_lock)
        {
            if (!_isDone)
            {
                throw new InvalidOperationException("The record has not been delivered yet.");
            }

            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }

            return new Delivery(Partition, _baseOffset < 0 ? -1 : _baseOffset + unchecked((ushort)token));
        }
    }

    private void Finish(long baseOffset, KafkaException? failure)
    {
        lock (_lock)
        {
            if (_isDone)
            {
                return;
            }

            _isDone = true;
            _baseOffset = baseOffset;
            _failure = failure;
        }

        _encoded = default;
        _builder.Dispose();
        if (_waiters.Count > 0)
        {
            // Nobody adds a waiter any more. They run elsewhere, so that a slow one does not hold up the answers of others.
            ThreadPool.UnsafeQueueUserWorkItem(static batch => batch.ResumeWaiters(), this, preferLocal: false);
        }
    }

    private void ResumeWaiters()
    {
        foreach (DeliveryWaiter waiter in _waiters)
        {
            waiter.Resume();
        }

        _waiters.Clear();
    }
}
