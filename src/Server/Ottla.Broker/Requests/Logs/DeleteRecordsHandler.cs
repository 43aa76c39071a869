// DeleteRecords 0-2.
// 0 moves the log start offset (KIP-107); 1 changes nothing; 2 is flexible.
// Errors by partition: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, INVALID_TOPIC_EXCEPTION for internal topics,
// POLICY_VIOLATION for topics that are only compacted, OFFSET_OUT_OF_RANGE, NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Partitions;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Logs;

/// <summary>Lets logs begin later.</summary>
internal sealed class DeleteRecordsHandler : RequestHandler<DeleteRecordsRequest, DeleteRecordsResponse>
{
    private const long UpToHighWatermark = -1;

    private readonly PartitionDirectory _partitions;

    public DeleteRecordsHandler(PartitionDirectory partitions)
    {
        _partitions = partitions;
    }

    /// <inheritdoc/>
    public override bool MayWaitForDisk => true;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Delete);

    /// <inheritdoc/>
    public override ValueTask<DeleteRecordsResponse?> HandleAsync(
        DeleteRecordsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(Answer(request, (topic, partition) => Delete(topic, partition, context)));

    /// <inheritdoc/>
    protected override DeleteRecordsResponse? FailAll(DeleteRecordsRequest request, ErrorCode error, RequestContext context) =>
        Answer(request, (_, partition) => Failed(partition.PartitionIndex, error));

    private static DeleteRecordsResponse Answer(
        DeleteRecordsRequest request,
        Func<string, DeleteRecordsRequest.DeleteRecordsPartition, DeleteRecordsResponse.DeleteRecordsPartitionResult> delete)
    {
        var response = new DeleteRecordsResponse();
        foreach (DeleteRecordsRequest.DeleteRecordsTopic topic in request.Topics)
        {
            var answer = new DeleteRecordsResponse.DeleteRecordsTopicResult { Name = topic.Name };
            answer.Partitions.AddRange(topic.Partitions.Select(partition => delete(topic.Name, partition)));
            response.Topics.Add(answer);
        }

        return response;
    }

    private DeleteRecordsResponse.DeleteRecordsPartitionResult Delete(
        string topic, DeleteRecordsRequest.DeleteRecordsPartition request, RequestContext context)
    {
        if (!context.IsAuthorized(AclOperation.Delete, ResourceType.Topic, topic))
        {
            return Failed(request.PartitionIndex, ErrorCode.TopicAuthorizationFailed);
        }

        if (TopicNames.IsInternal(topic))
        {
            return Failed(request.PartitionIndex, ErrorCode.InvalidTopicException);
        }

        ErrorCode error = _partitions.Find(topic, request.PartitionIndex, out Partition? partition);
        if (error == ErrorCode.None)
        {
            error = Delete(partition!, request.Offset); // found without an error
        }

        return error == ErrorCode.None
            ? new DeleteRecordsResponse.DeleteRecordsPartitionResult
            {
                PartitionIndex = request.PartitionIndex,
                LowWatermark = partition!.Log.LogStartOffset, // likewise
            }
            : Failed(request.PartitionIndex, error);
    }

    private static ErrorCode Delete(Partition partition, long beforeOffset)
    {
        ErrorCode notLeader = partition.CheckLeader(LeaderEpoch.None);
        if (notLeader != ErrorCode.None)
        {
            return notLeader;
        }

        if (!partition.Settings.Log.DeleteOldSegments)
        {
            return ErrorCode.PolicyViolation;
        }

        long highWatermark = partition.HighWatermark;
        long offset = beforeOffset == UpToHighWatermark ? highWatermark : beforeOffset;
        return offset < 0 || offset > highWatermark ? ErrorCode.OffsetOutOfRange : partition.Log.DeleteRecordsBefore(offset);
    }

    private static DeleteRecordsResponse.DeleteRecordsPartitionResult Failed(int partition, ErrorCode error) =>
        new() { PartitionIndex = partition, LowWatermark = -1, ErrorCode = error };
}
