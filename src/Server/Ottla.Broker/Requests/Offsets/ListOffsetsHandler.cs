// ListOffsets 0-11.
// 0 answers a list of offsets; 1 one offset and its timestamp (KIP-79); 2 takes an isolation level (KIP-98); 4 the leader epoch (KIP-320);
// 6 is flexible; 7 knows timestamp -3, the record with the greatest timestamp (KIP-734); 8 -4, the first local offset (KIP-405); 9 -5, the
// last tiered offset (KIP-1005); 10 takes a timeout; 11 -6, the first offset not uploaded yet (KIP-1023).
// Errors by partition: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH,
// UNKNOWN_LEADER_EPOCH, INVALID_REQUEST for a partition named twice or an isolation level that does not exist,
// UNSUPPORTED_VERSION for a timestamp that the version does not have, KAFKA_STORAGE_ERROR.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Partitions;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Offsets;

/// <summary>Finds offsets by timestamp. There are no transactions, so both isolation levels end at the high watermark.</summary>
internal sealed class ListOffsetsHandler : RequestHandler<ListOffsetsRequest, ListOffsetsResponse>
{
    private readonly PartitionDirectory _partitions;

    public ListOffsetsHandler(PartitionDirectory partitions)
    {
        _partitions = partitions;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.Describe);

    /// <inheritdoc/>
    public override async ValueTask<ListOffsetsResponse?> HandleAsync(
        ListOffsetsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!IsolationLevels.Exists(request.IsolationLevel))
        {
            return FailAll(request, ErrorCode.InvalidRequest, context);
        }

        var response = new ListOffsetsResponse();
        HashSet<(string, int)> twice = NamedTwice(request);
        HashSet<(string, int)> refused = [];
        foreach (ListOffsetsRequest.ListOffsetsTopic topic in request.Topics)
        {
            var answer = new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name };
            response.Topics.Add(answer);
            bool isAllowed = context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.Name);
            foreach (ListOffsetsRequest.ListOffsetsPartition partition in topic.Partitions)
            {
                bool isTwice = twice.Contains((topic.Name, partition.PartitionIndex));
                if (isTwice && !refused.Add((topic.Name, partition.PartitionIndex)))
                {
                    continue;
                }

                FoundOffset found = !isAllowed ? FoundOffset.Failed(ErrorCode.TopicAuthorizationFailed)
                    : isTwice ? FoundOffset.Failed(ErrorCode.InvalidRequest)
                    : await FindAsync(topic.Name, partition, context.ApiVersion, cancellationToken);
                answer.Partitions.Add(ToAnswer(found, partition, context.ApiVersion));
            }
        }

        return response;
    }

    /// <inheritdoc/>
    protected override ListOffsetsResponse? FailAll(ListOffsetsRequest request, ErrorCode error, RequestContext context)
    {
        var response = new ListOffsetsResponse();
        foreach (ListOffsetsRequest.ListOffsetsTopic topic in request.Topics)
        {
            var answer = new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name };
            answer.Partitions.AddRange(topic.Partitions.Select(partition => ToAnswer(FoundOffset.Failed(error), partition, context.ApiVersion)));
            response.Topics.Add(answer);
        }

        return response;
    }

    private static HashSet<(string Topic, int Partition)> NamedTwice(ListOffsetsRequest request)
    {
        HashSet<(string, int)> once = [];
        HashSet<(string, int)> twice = [];
        foreach (ListOffsetsRequest.ListOffsetsTopic topic in request.Topics)
        {
            foreach (ListOffsetsRequest.ListOffsetsPartition partition in topic.Partitions)
            {
                if (!once.Add((topic.Name, partition.PartitionIndex)))
                {
                    twice.Add((topic.Name, partition.PartitionIndex));
                }
            }
        }

        return twice;
    }

    private async ValueTask<FoundOffset> FindAsync(
        string topic, ListOffsetsRequest.ListOffsetsPartition request, short version, CancellationToken cancellationToken)
    {
        if (!OffsetLookup.Has(request.Timestamp, version))
        {
            return FoundOffset.Failed(ErrorCode.UnsupportedVersion);
        }

        ErrorCode error = _partitions.Find(topic, request.PartitionIndex, out Partition? partition);
        if (error == ErrorCode.None)
        {
            error = partition!.CheckLeader(new LeaderEpoch(request.CurrentLeaderEpoch)); // found without an error
        }

        return error == ErrorCode.None
            ? await OffsetLookup.FindAsync(partition!, request.Timestamp, cancellationToken) // likewise
            : FoundOffset.Failed(error);
    }

    private static ListOffsetsResponse.ListOffsetsPartitionResponse ToAnswer(
        in FoundOffset found, ListOffsetsRequest.ListOffsetsPartition request, short version)
    {
        var answer = new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = request.PartitionIndex, ErrorCode = found.Error };
        if (version > 0)
        {
            (answer.Offset, answer.Timestamp, answer.LeaderEpoch) = (found.Offset, found.Timestamp, version >= 4 ? found.LeaderEpoch.Value : -1);
            return answer;
        }

        if (found.Error == ErrorCode.None)
        {
            answer.OldStyleOffsets.AddRange(found.OldStyleOffsets(request.MaxNumOffsets));
        }

        return answer;
    }
}
