using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Partitions;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>Reads the partitions of one fetch, in order, until the response is full. The caller owns the buffers of what it returns.</summary>
internal sealed class FetchReader
{
    private readonly PartitionDirectory _partitions;
    private readonly FetchMemory _memory;

    public FetchReader(PartitionDirectory partitions, FetchMemory memory)
    {
        _partitions = partitions;
        _memory = memory;
    }

    /// <summary>Reads each target once.</summary>
    /// <param name="targets">What to read.</param>
    /// <param name="request">The fetch.</param>
    /// <param name="maxBytes">How many bytes of records all together; the first batch is read whole even when it has more (KIP-74).</param>
    /// <param name="context">The request's context.</param>
    /// <param name="cancellationToken">Gives up reads that wait for the disk.</param>
    public async ValueTask<FetchReading> ReadAsync(
        List<FetchTarget> targets, FetchRequest request, int maxBytes, RequestContext context, CancellationToken cancellationToken)
    {
        var reading = new FetchReading(targets.Count, _memory);
        try
        {
            foreach (FetchTarget target in targets)
            {
                int left = Math.Max(0, maxBytes - reading.RecordBytes);
                int wanted = Math.Min(left, Math.Max(0, target.MaxBytes));
                reading.Add(await ReadWithinMemoryAsync(target, request, wanted, reading.RecordBytes == 0, context, cancellationToken));
            }

            return reading;
        }
        catch
        {
            reading.Dispose();
            throw;
        }
    }

    private async ValueTask<FetchedPartition> ReadWithinMemoryAsync(
        FetchTarget target, FetchRequest request, int wanted, bool isFirst, RequestContext context, CancellationToken cancellationToken)
    {
        int granted = _memory.Reserve(wanted);
        long held = 0;
        try
        {
            FetchedPartition fetched = await ReadAsync(target, request, granted, isFirst, context, cancellationToken);
            held = fetched.Buffer?.Length ?? 0;
            return fetched;
        }
        finally
        {
            _memory.Release(granted - held);
        }
    }

    private async ValueTask<FetchedPartition> ReadAsync(
        FetchTarget target, FetchRequest request, int maxBytes, bool isFirst, RequestContext context, CancellationToken cancellationToken)
    {
        var data = new FetchResponse.PartitionData
        {
            PartitionIndex = target.Partition,
            HighWatermark = -1,
            Records = ReadOnlyMemory<byte>.Empty,
            AbortedTransactions = null,
        };
        TopicPartitions? topic = _partitions.FindTopic(target.Topic, target.TopicId);
        data.ErrorCode = Find(target, topic, request, context, out Partition? partition);
        if (data.ErrorCode != ErrorCode.None)
        {
            data.AbortedTransactions = partition is null ? [] : null;
            return new FetchedPartition(target, partition, data, null);
        }

        if (target.LastFetchedEpoch >= 0 && !IsContinued(target, partition!, data)) // found without an error
        {
            return new FetchedPartition(target, partition, data, null);
        }

        PartitionRead read = await partition!.ReadAsync(target.FetchOffset, maxBytes, isFirst, cancellationToken); // likewise
        data.ErrorCode = read.Error;
        if (read.Error == ErrorCode.None)
        {
            (data.HighWatermark, data.LastStableOffset, data.LogStartOffset) = (read.HighWatermark, read.LastStableOffset, read.LogStartOffset);
            data.AbortedTransactions = request.IsolationLevel == IsolationLevels.ReadCommitted ? [] : null;
        }

        if (read.Buffer is not { } buffer)
        {
            return new FetchedPartition(target, partition, data, null);
        }

        data.Records = read.Records;
        return OldFetchFormats.AreNeeded(context.ApiVersion)
            ? await OldFetchFormats.ConvertAsync(new FetchedPartition(target, partition, data, buffer), read.NextOffset, maxBytes, context.ApiVersion, cancellationToken)
            : new FetchedPartition(target, partition, data, buffer);
    }

    private static ErrorCode Find(FetchTarget target, TopicPartitions? topic, FetchRequest request, RequestContext context, out Partition? partition)
    {
        partition = null;
        bool isById = context.ApiVersion >= FetchPlan.FirstVersionWithTopicIds;
        if (request.ReplicaId >= 0 || request.ReplicaState.ReplicaId >= 0)
        {
            // This broker has no followers; nobody may take part in its replication.
            PartitionDirectory.Find(topic, isById, target.Partition, out partition);
            return ErrorCode.NotLeaderOrFollower;
        }

        string name = topic?.Name ?? target.Topic;
        if (name.Length > 0 && !context.IsAuthorized(AclOperation.Read, ResourceType.Topic, name))
        {
            return ErrorCode.TopicAuthorizationFailed;
        }

        ErrorCode error = PartitionDirectory.Find(topic, isById, target.Partition, out partition);
        return error != ErrorCode.None ? error
            : target.MaxBytes < 0 ? ErrorCode.InvalidRequest
            : partition!.CheckLeader(target.CurrentLeaderEpoch); // found without an error
    }

    // Whether the client's last record stands in this log. If not, it has to go back to where the two histories part (KIP-595).
    private static bool IsContinued(FetchTarget target, Partition partition, FetchResponse.PartitionData data)
    {
        (LeaderEpoch epoch, long endOffset) = partition.Log.EndOffsetForEpoch(new LeaderEpoch(target.LastFetchedEpoch));
        if (endOffset < 0)
        {
            data.ErrorCode = ErrorCode.OffsetOutOfRange;
            return false;
        }

        if (epoch.Value >= target.LastFetchedEpoch && endOffset >= target.FetchOffset)
        {
            return true;
        }

        data.DivergingEpoch = new FetchResponse.EpochEndOffset { Epoch = epoch.Value, EndOffset = endOffset };
        (data.HighWatermark, data.LastStableOffset) = (partition.HighWatermark, partition.LastStableOffset);
        data.LogStartOffset = partition.Log.LogStartOffset;
        return false;
    }
}
