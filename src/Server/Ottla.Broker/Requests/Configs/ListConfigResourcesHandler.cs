// ListConfigResources 0-1. (ListClientMetricsResources until Kafka 4.0).
// 0 lists subscriptions to client metrics; 1 lists what has configuration values, by type (KIP-1142).
// Errors: UNSUPPORTED_VERSION for a type that is not known, CLUSTER_AUTHORIZATION_FAILED.

using Ottla.Broker.Authorization;
using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Configs;

/// <summary>Lists the resources that have configuration values.</summary>
internal sealed class ListConfigResourcesHandler : RequestHandler<ListConfigResourcesRequest, ListConfigResourcesResponse>
{
    private static readonly ConfigResourceType[] Types =
    [
        ConfigResourceType.Topic, ConfigResourceType.Broker, ConfigResourceType.BrokerLogger, ConfigResourceType.ClientMetrics, ConfigResourceType.Group,
    ];

    private readonly MetadataHost _metadata;

    /// <param name="metadata">What is listed.</param>
    public ListConfigResourcesHandler(MetadataHost metadata) => _metadata = metadata;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.DescribeConfigs);

    /// <inheritdoc/>
    public override ValueTask<ListConfigResourcesResponse?> HandleAsync(
        ListConfigResourcesRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        ListConfigResourcesResponse response = new();
        HashSet<ConfigResourceType> wanted = context.ApiVersion == 0
            ? [ConfigResourceType.ClientMetrics]
            : [.. request.ResourceTypes.Count == 0 ? Types : request.ResourceTypes.Select(static type => (ConfigResourceType)type)];
        if (wanted.Except(Types).Any())
        {
            response.ErrorCode = ErrorCode.UnsupportedVersion;
            return new ValueTask<ListConfigResourcesResponse?>(response);
        }

        MetadataImage image = _metadata.Current;
        foreach (ConfigResourceType type in Types)
        {
            if (wanted.Contains(type))
            {
                response.ConfigResources.AddRange(Names(image, type).Select(name => new ListConfigResourcesResponse.ConfigResource
                {
                    ResourceName = name,
                    ResourceType = (sbyte)type,
                }));
            }
        }

        return new ValueTask<ListConfigResourcesResponse?>(response);
    }

    /// <inheritdoc/>
    protected override ListConfigResourcesResponse? FailAll(ListConfigResourcesRequest request, ErrorCode error, RequestContext context) =>
        new() { ErrorCode = error };

    private static IEnumerable<string> Names(MetadataImage image, ConfigResourceType type) => type switch
    {
        ConfigResourceType.Topic => image.Topics.ByName.Keys,
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger => image.Brokers.Keys.Select(static broker => broker.ToString()),
        _ => [],
    };
}
