// DescribeConfigs 0-4.
// 0 tells whether a value is the default; 1 tells its source and, when asked, its synonyms; 2 changes nothing; 3 adds types and
// documentation; 4 is flexible.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION, INVALID_REQUEST for another broker or an unknown resource,
// TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED.

using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.Metadata;
using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Configs;

/// <summary>Tells which configuration values hold for topics and for this broker, and where they come from.</summary>
internal sealed class DescribeConfigsHandler : RequestHandler<DescribeConfigsRequest, DescribeConfigsResponse>
{
    private readonly MetadataHost _metadata;
    private readonly EffectiveConfiguration _configuration;
    private readonly BrokerId _self;

    /// <param name="metadata">What was set at run time.</param>
    /// <param name="configuration">What holds for this broker.</param>
    /// <param name="self">This broker.</param>
    public DescribeConfigsHandler(MetadataHost metadata, EffectiveConfiguration configuration, BrokerId self)
    {
        _metadata = metadata;
        _configuration = configuration;
        _self = self;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.Topic, AclOperation.DescribeConfigs);

    /// <inheritdoc/>
    public override ValueTask<DescribeConfigsResponse?> HandleAsync(
        DescribeConfigsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        ConfigDescriptions descriptions = new(_metadata.Current, _configuration, _self, request, context.ApiVersion);
        DescribeConfigsResponse response = new();
        foreach (DescribeConfigsRequest.DescribeConfigsResource resource in request.Resources)
        {
            ErrorCode denied = ConfigAuthorization.Check(context, AclOperation.DescribeConfigs, resource.ResourceType, resource.ResourceName);
            response.Results.Add(denied == ErrorCode.None ? descriptions.Describe(resource) : Refuse(resource, denied));
        }

        return new ValueTask<DescribeConfigsResponse?>(response);
    }

    /// <inheritdoc/>
    protected override DescribeConfigsResponse? FailAll(DescribeConfigsRequest request, ErrorCode error, RequestContext context) => new()
    {
        Results = request.Resources.ConvertAll(resource => Refuse(resource, error)),
    };

    private static DescribeConfigsResponse.DescribeConfigsResult Refuse(DescribeConfigsRequest.DescribeConfigsResource resource, ErrorCode error) => new()
    {
        ResourceType = resource.ResourceType,
        ResourceName = resource.ResourceName,
        ErrorCode = error,
    };
}
