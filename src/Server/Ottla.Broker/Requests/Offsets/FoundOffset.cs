using Ottla.Protocol;

namespace Ottla.Broker.Requests.Offsets;

/// <summary>What a lookup found.</summary>
/// <param name="Error">None, or why nothing was looked up.</param>
/// <param name="Offset">The offset, or -1 when there is none.</param>
/// <param name="Timestamp">The record's timestamp, or -1 for a special one.</param>
/// <param name="LeaderEpoch">The epoch of the record at the offset.</param>
/// <param name="LogStartOffset">Where the log begins.</param>
/// <param name="HighWatermark">Up to where it is committed.</param>
internal readonly record struct FoundOffset(
    ErrorCode Error, long Offset, long Timestamp, LeaderEpoch LeaderEpoch, long LogStartOffset, long HighWatermark)
{
    public static FoundOffset Failed(ErrorCode error) => new(error, -1, -1, LeaderEpoch.None, -1, -1);

    /// <summary>
    /// What version 0 answers: offsets in descending order from which everything before the asked time can be read. The log's start is
    /// always one of them, as the start of its first segment is in Kafka.
    /// </summary>
    public IEnumerable<long> OldStyleOffsets(int maxCount)
    {
        long first = Offset >= 0 ? Offset : HighWatermark;
        return (first == LogStartOffset ? [first] : new[] { first, LogStartOffset }).Take(Math.Max(0, maxCount));
    }
}
