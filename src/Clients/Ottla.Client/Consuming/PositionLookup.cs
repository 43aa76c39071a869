using Ottla.Client.Connections;
using Ottla.Client.Offsets;
using Ottla.Protocol;

namespace Ottla.Client.Consuming;

/// <summary>Finds out where to begin: at a time that was asked for, where the group left off, or where the reset policy says.</summary>
internal sealed class PositionLookup(Cluster cluster, ConsumerOptions options, GroupOffsets? groupOffsets)
{
    private readonly OffsetLookup _lookup = new(cluster);

    /// <summary>Places partitions. One that somebody moves meanwhile is left alone.</summary>
    /// <param name="partitions">The partitions without a position.</param>
    /// <param name="consumerLock">Guards them.</param>
    /// <param name="cancellationToken">Ends the search; the next poll goes on.</param>
    public async ValueTask FindAsync(
        IReadOnlyCollection<PartitionFetchState> partitions, Lock consumerLock, CancellationToken cancellationToken)
    {
        Dictionary<TopicPartition, (PartitionFetchState State, int Version)> open;
        HashSet<TopicPartition> wantCommitted;
        lock (consumerLock)
        {
            open = partitions.ToDictionary(state => state.Partition, state => (state, state.Version));
            wantCommitted = [.. partitions.Where(state => state.WantsCommitted && state.ResetTime is null).Select(state => state.Partition)];
        }

        if (groupOffsets is not null && wantCommitted.Count > 0)
        {
            IReadOnlyList<CommittedOffset> committed = await groupOffsets.FetchAsync(wantCommitted, cancellationToken).ConfigureAwait(false);
            lock (consumerLock)
            {
                foreach (CommittedOffset offset in committed)
                {
                    Place(open, offset.Partition, offset.Offset, offset.Offset);
                }
            }
        }

        if (open.Count == 0)
        {
            return;
        }

        List<(TopicPartition Partition, long Time)> questions = [.. open.Select(pair => (pair.Key, TimeFor(pair.Value.State)))];
        await PlaceByTimeAsync(questions, open, consumerLock, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask PlaceByTimeAsync(
        List<(TopicPartition Partition, long Time)> questions,
        Dictionary<TopicPartition, (PartitionFetchState State, int Version)> open,
        Lock consumerLock,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<FoundOffset> found = await _lookup.FindAsync(questions, cancellationToken).ConfigureAwait(false);

        // A time after the last record has no offset: reading begins at the end.
        List<(TopicPartition Partition, long Time)> afterEnd =
            [.. found.Where(offset => offset.Offset < 0).Select(offset => (offset.Partition, OffsetTime.Latest))];
        IReadOnlyList<FoundOffset> ends = afterEnd.Count == 0
            ? []
            : await _lookup.FindAsync(afterEnd, cancellationToken).ConfigureAwait(false);
        lock (consumerLock)
        {
            foreach (FoundOffset offset in found.Concat(ends).Where(offset => offset.Offset >= 0))
            {
                Place(open, offset.Partition, offset.Offset, PartitionFetchState.Unknown);
            }
        }
    }

    private long TimeFor(PartitionFetchState state) => state.ResetTime ?? options.AutoOffsetReset switch
    {
        AutoOffsetReset.Earliest => OffsetTime.Earliest,
        AutoOffsetReset.Latest => OffsetTime.Latest,
        _ => throw new KafkaException(
            ErrorCode.OffsetOutOfRange, $"There is no position for partition {state.Partition}, and the options say not to choose one.")
        {
            Api = ApiKey.Fetch,
        },
    };

    private static void Place(
        Dictionary<TopicPartition, (PartitionFetchState State, int Version)> open, TopicPartition partition, long offset, long committed)
    {
        if (open.Remove(partition, out (PartitionFetchState State, int Version) place) && place.State.Version == place.Version)
        {
            place.State.MoveTo(offset);
            place.State.CommittedPosition = committed;
        }
    }
}
