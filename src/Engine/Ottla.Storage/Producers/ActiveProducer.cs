using Ottla.Protocol;

namespace Ottla.Storage.Producers;

/// <summary>A producer with state in a log, as DescribeProducers shows it (KIP-664).</summary>
/// <param name="ProducerId">The producer.</param>
/// <param name="ProducerEpoch">Its current epoch.</param>
/// <param name="LastSequence">The sequence number of its last record; -1 when none is known.</param>
/// <param name="LastTimestamp">The greatest timestamp of its last batch, in milliseconds since 1970; -1 when none is known.</param>
/// <param name="CoordinatorEpoch">The epoch of the coordinator that last wrote a marker for it; -1 when none did.</param>
/// <param name="TransactionStartOffset">The first offset of its open transaction; -1 when none is open.</param>
public readonly record struct ActiveProducer(
    ProducerId ProducerId,
    short ProducerEpoch,
    int LastSequence,
    long LastTimestamp,
    int CoordinatorEpoch,
    long TransactionStartOffset);
