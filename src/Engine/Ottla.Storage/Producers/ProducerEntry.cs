using System.Runtime.CompilerServices;

namespace Ottla.Storage.Producers;

/// <summary>What a log knows of one producer. Guarded by the log's lock.</summary>
internal sealed class ProducerEntry
{
    /// <summary>How many batches are remembered, as many as a client may have in flight.</summary>
    public const int CachedBatches = 5;

    private BatchRing _batches;
    private int _count;
    private int _next;

    public short Epoch { get; private set; } = -1;

    public long LastTimestamp { get; set; } = -1;

    /// <summary>The epoch of the transaction coordinator that last wrote a marker; -1 when none did.</summary>
    public int CoordinatorEpoch { get; set; } = -1;

    /// <summary>The first offset of the transaction that is open; -1 when none is.</summary>
    public long TransactionFirstOffset { get; set; } = -1;

    public int Count => _count;

    public bool IsEmpty => _count == 0;

    public ProducerBatch Newest => this[_count - 1];

    public ProducerBatch Oldest => this[0];

    public int LastSequence => IsEmpty ? SequenceNumber.None : Newest.LastSequence;

    /// <summary>The remembered batches, the oldest first.</summary>
    public ProducerBatch this[int index] => _batches[(_next - _count + index + CachedBatches) % CachedBatches];

    /// <summary>Takes over a new epoch, whose batches begin anew.</summary>
    public void SetEpoch(short epoch)
    {
        if (epoch != Epoch)
        {
            Epoch = epoch;
            _count = 0;
        }
    }

    public void Add(in ProducerBatch batch)
    {
        _batches[_next] = batch;
        _next = (_next + 1) % CachedBatches;
        _count = Math.Min(_count + 1, CachedBatches);
        LastTimestamp = batch.Timestamp;
    }

    [InlineArray(CachedBatches)]
    private struct BatchRing
    {
        private ProducerBatch _first;
    }
}
