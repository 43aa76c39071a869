namespace Ottla.Client.Producing;

/// <summary>What a producer still owes: the memory that undelivered records hold, and the first failure nobody was told of.</summary>
internal sealed class DeliveryLedger(long limitBytes)
{
    private KafkaException? _firstUntold;

    public MemoryBudget Memory { get; } = new(limitBytes);

    /// <summary>Called once for every batch that is done.</summary>
    public void Settled(ProducerBatch batch, KafkaException? failure)
    {
        if (failure is not null && batch.PostedCount > 0)
        {
            Interlocked.CompareExchange(ref _firstUntold, failure, null);
        }

        Memory.Release(batch.ReservedBytes);
    }

    /// <summary>The first failure of a posted record since the last call.</summary>
    public KafkaException? TakeFailure() => Interlocked.Exchange(ref _firstUntold, null);
}
