using Ottla.Protocol;
using Ottla.Replication.Partitions;
using Ottla.Storage.Logs;

namespace Ottla.Broker.Requests.Offsets;

/// <summary>Finds the offset that a timestamp, real or special, stands for.</summary>
internal static class OffsetLookup
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;
    private const long EarliestPendingUpload = -6;

    /// <summary>Whether a version of the request has the timestamp; every version has those of records.</summary>
    public static bool Has(long timestamp, short version) => version >= FirstVersionOf(timestamp);

    public static ValueTask<FoundOffset> FindAsync(Partition partition, long timestamp, CancellationToken cancellationToken)
    {
        long logStartOffset = partition.Log.LogStartOffset;
        long highWatermark = partition.HighWatermark;
        return timestamp switch
        {
            Latest => ValueTask.FromResult(Special(highWatermark, partition.Log.LatestEpoch)),
            Earliest or EarliestLocal => ValueTask.FromResult(Special(logStartOffset, partition.Log.EpochOf(logStartOffset))),
            LatestTiered or EarliestPendingUpload => ValueTask.FromResult(Special(-1, null)), // nothing is tiered
            _ => FindRecordAsync(partition, timestamp, logStartOffset, highWatermark, cancellationToken),
        };

        FoundOffset Special(long offset, LeaderEpoch? epoch) =>
            new(ErrorCode.None, offset, -1, epoch ?? LeaderEpoch.None, logStartOffset, highWatermark);
    }

    private static short FirstVersionOf(long timestamp) => timestamp switch
    {
        >= 0 or Latest or Earliest => 0,
        MaxTimestamp => 7,
        EarliestLocal => 8,
        LatestTiered => 9,
        EarliestPendingUpload => 11,
        _ => short.MaxValue,
    };

    private static async ValueTask<FoundOffset> FindRecordAsync(
        Partition partition, long timestamp, long logStartOffset, long highWatermark, CancellationToken cancellationToken)
    {
        LogTimestamp found = timestamp == MaxTimestamp
            ? await partition.Log.OffsetOfMaxTimestampAsync(cancellationToken)
            : await partition.Log.OffsetForTimestampAsync(timestamp, cancellationToken);
        if (found.Error != ErrorCode.None)
        {
            return FoundOffset.Failed(found.Error);
        }

        // A record past the high watermark is not there yet for clients.
        return found.Offset >= 0 && found.Offset < highWatermark
            ? new FoundOffset(ErrorCode.None, found.Offset, found.Timestamp, found.LeaderEpoch, logStartOffset, highWatermark)
            : new FoundOffset(ErrorCode.None, -1, -1, LeaderEpoch.None, logStartOffset, highWatermark);
    }
}
