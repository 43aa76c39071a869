// OffsetForLeaderEpoch 0-4.
// 0 answers the end offset of an epoch (KIP-101); 1 also the epoch that it is the end of (KIP-279); 2 takes the current leader epoch
// (KIP-320); 3 takes a replica id; 4 is flexible.
// Errors by partition: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH,
// UNKNOWN_LEADER_EPOCH, KAFKA_STORAGE_ERROR.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Partitions;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Offsets;

/// <summary>Tells a client where a leader epoch ended, so that it finds out whether what it read is still in the log.</summary>
internal sealed class OffsetForLeaderEpochHandler : RequestHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>
{
    private readonly PartitionDirectory _partitions;

    public OffsetForLeaderEpochHandler(PartitionDirectory partitions)
    {
        _partitions = partitions;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<OffsetForLeaderEpochResponse?> HandleAsync(
        OffsetForLeaderEpochRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(Answer(request, (topic, partition) => Find(topic, partition, context)));

    /// <inheritdoc/>
    protected override OffsetForLeaderEpochResponse? FailAll(OffsetForLeaderEpochRequest request, ErrorCode error, RequestContext context) =>
        Answer(request, (_, partition) => new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = partition.Partition, ErrorCode = error });

    private static OffsetForLeaderEpochResponse Answer(
        OffsetForLeaderEpochRequest request,
        Func<string, OffsetForLeaderEpochRequest.OffsetForLeaderPartition, OffsetForLeaderEpochResponse.EpochEndOffset> find)
    {
        var response = new OffsetForLeaderEpochResponse();
        foreach (OffsetForLeaderEpochRequest.OffsetForLeaderTopic topic in request.Topics)
        {
            var answer = new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult { Topic = topic.Topic };
            answer.Partitions.AddRange(topic.Partitions.Select(partition => find(topic.Topic, partition)));
            response.Topics.Add(answer);
        }

        return response;
    }

    private OffsetForLeaderEpochResponse.EpochEndOffset Find(
        string topic, OffsetForLeaderEpochRequest.OffsetForLeaderPartition request, RequestContext context)
    {
        var answer = new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = request.Partition };
        if (!context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic))
        {
            answer.ErrorCode = ErrorCode.TopicAuthorizationFailed;
            return answer;
        }

        answer.ErrorCode = _partitions.Find(topic, request.Partition, out Partition? partition);
        if (answer.ErrorCode == ErrorCode.None)
        {
            answer.ErrorCode = partition!.CheckLeader(new LeaderEpoch(request.CurrentLeaderEpoch)); // found without an error
        }

        if (answer.ErrorCode == ErrorCode.None)
        {
            (LeaderEpoch epoch, long endOffset) = partition!.Log.EndOffsetForEpoch(new LeaderEpoch(request.LeaderEpoch)); // likewise
            (answer.LeaderEpoch, answer.EndOffset) = (epoch.Value, endOffset);
        }

        return answer;
    }
}
