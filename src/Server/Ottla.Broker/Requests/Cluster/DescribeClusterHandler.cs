// DescribeCluster 0-2.
// 0 (KIP-700); 1 tells brokers from controllers (KIP-919); 2 can list fenced brokers (KIP-1073).
// Errors: MISMATCHED_ENDPOINT_TYPE when controllers are asked for, which do not listen here, UNSUPPORTED_ENDPOINT_TYPE,
// CLUSTER_AUTHORIZATION_FAILED.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Metadata;
using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Cluster;

/// <summary>Tells the cluster's id and its brokers.</summary>
internal sealed class DescribeClusterHandler : RequestHandler<DescribeClusterRequest, DescribeClusterResponse>
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;
    private readonly MetadataHost _metadata;

    /// <param name="metadata">What is told.</param>
    public DescribeClusterHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<DescribeClusterResponse?> HandleAsync(
        DescribeClusterRequest request, RequestContext context, CancellationToken cancellationToken) => new(Answer(request, context));

    /// <inheritdoc/>
    protected override DescribeClusterResponse? FailAll(DescribeClusterRequest request, ErrorCode error, RequestContext context) =>
        new() { ErrorCode = error };

    private DescribeClusterResponse Answer(DescribeClusterRequest request, RequestContext context)
    {
        if (request.EndpointType != Brokers)
        {
            bool isKnown = request.EndpointType == Controllers;
            return new DescribeClusterResponse
            {
                ErrorCode = isKnown ? ErrorCode.MismatchedEndpointType : ErrorCode.UnsupportedEndpointType,
                ErrorMessage = isKnown
                    ? "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER"
                    : $"Unsupported endpoint type {request.EndpointType}",
            };
        }

        MetadataImage image = _metadata.Current;
        DescribeClusterResponse response = new()
        {
            ClusterId = image.ClusterId,
            ControllerId = _metadata.Log.CurrentController.Value,
        };
        foreach (BrokerImage broker in image.Brokers.Values)
        {
            bool isListed = broker.IsActive || (request.IncludeFencedBrokers && context.ApiVersion >= 2);
            if (isListed && broker.FindEndpoint(context.Listener.Value) is { } endpoint)
            {
                response.Brokers.Add(new DescribeClusterResponse.DescribeClusterBroker
                {
                    BrokerId = broker.Id.Value,
                    Host = endpoint.Host,
                    Port = endpoint.Port,
                    Rack = broker.Rack,
                    IsFenced = context.ApiVersion >= 2 && broker.Fenced,
                });
            }
        }

        if (request.IncludeClusterAuthorizedOperations)
        {
            response.ClusterAuthorizedOperations = AuthorizedOperations.OnCluster(context);
        }

        return response;
    }
}
