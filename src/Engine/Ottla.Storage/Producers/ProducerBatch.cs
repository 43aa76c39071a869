namespace Ottla.Storage.Producers;

/// <summary>An appended batch of an idempotent producer, as far as recognising its repetition takes.</summary>
/// <param name="LastSequence">Its last record's sequence number.</param>
/// <param name="LastOffset">Its last record's offset.</param>
/// <param name="OffsetDelta">Its record count less one.</param>
/// <param name="Timestamp">Its greatest timestamp.</param>
internal readonly record struct ProducerBatch(int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    public int FirstSequence => SequenceNumber.Subtract(LastSequence, OffsetDelta);

    public long FirstOffset => LastOffset - OffsetDelta;
}
