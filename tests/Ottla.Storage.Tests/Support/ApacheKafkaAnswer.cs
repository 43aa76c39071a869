using Ottla.Protocol;

namespace Ottla.Storage.Tests.Support;

/// <summary>What a running Apache Kafka says of a partition.</summary>
/// <param name="Partition">Which.</param>
/// <param name="LogStartOffset">Its earliest offset.</param>
/// <param name="LogEndOffset">Its latest offset.</param>
/// <param name="Latest">The first record with the greatest timestamp.</param>
/// <param name="Times">For some timestamps the first offset that is as late; -1 for none.</param>
internal sealed record ApacheKafkaAnswer(
    TopicPartition Partition,
    long LogStartOffset,
    long LogEndOffset,
    (long Offset, long Timestamp) Latest,
    IReadOnlyList<(long Timestamp, long Offset)> Times);
