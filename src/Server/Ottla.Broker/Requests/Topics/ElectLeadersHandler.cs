// ElectLeaders 0-2.
// 0 elects preferred leaders (KIP-183); 1 also unclean ones (KIP-460) and adds an error for the whole answer; 2 is flexible.
// Errors: ELECTION_NOT_NEEDED, PREFERRED_LEADER_NOT_AVAILABLE, ELIGIBLE_LEADERS_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION,
// INVALID_REQUEST for an unknown kind of election, CLUSTER_AUTHORIZATION_FAILED; KAFKA_STORAGE_ERROR when the metadata log failed.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Topics;

/// <summary>Elects leaders.</summary>
internal sealed class ElectLeadersHandler : RequestHandler<ElectLeadersRequest, ElectLeadersResponse>
{
    private readonly MetadataHost _metadata;

    /// <param name="metadata">The controller's host.</param>
    public ElectLeadersHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Alter);

    /// <inheritdoc/>
    public override async ValueTask<ElectLeadersResponse?> HandleAsync(
        ElectLeadersRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        MetadataAnswer<ElectLeadersResponse> answer = await _metadata.SubmitAsync<ElectLeadersResponse>(
            token => new ControllerCommand.ElectLeaders(token, request), cancellationToken);
        return answer.Response ?? FailAll(request, answer.Error, context);
    }

    /// <inheritdoc/>
    protected override ElectLeadersResponse? FailAll(ElectLeadersRequest request, ErrorCode error, RequestContext context)
    {
        ElectLeadersResponse response = new() { ErrorCode = context.ApiVersion >= 1 ? error : ErrorCode.None };
        foreach (ElectLeadersRequest.TopicPartitionsData topic in request.TopicPartitions ?? [])
        {
            response.ReplicaElectionResults.Add(new ElectLeadersResponse.ReplicaElectionResult
            {
                Topic = topic.Topic,
                PartitionResult = topic.Partitions.ConvertAll(partition => new ElectLeadersResponse.PartitionResult
                {
                    PartitionId = partition,
                    ErrorCode = error,
                }),
            });
        }

        return response;
    }
}
