// DescribeClientQuotas 0-1.
// 0 (KIP-546); 1 is flexible.
// Errors: INVALID_REQUEST for a filter that can't be, UNSUPPORTED_VERSION for an unknown kind of entity, CLUSTER_AUTHORIZATION_FAILED.

using Ottla.Broker.Authorization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Security;

/// <summary>Lists quotas, of which none can be set yet.</summary>
internal sealed class DescribeClientQuotasHandler : RequestHandler<DescribeClientQuotasRequest, DescribeClientQuotasResponse>
{
    private const sbyte HighestMatchType = 2;

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.DescribeConfigs);

    /// <inheritdoc/>
    public override ValueTask<DescribeClientQuotasResponse?> HandleAsync(
        DescribeClientQuotasRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (DescribeClientQuotasRequest.ComponentData component in request.Components)
        {
            if (Check(component, seen) is { Error: not ErrorCode.None } problem)
            {
                return new ValueTask<DescribeClientQuotasResponse?>(new DescribeClientQuotasResponse
                {
                    ErrorCode = problem.Error,
                    ErrorMessage = problem.Message,
                    Entries = null,
                });
            }
        }

        return new ValueTask<DescribeClientQuotasResponse?>(new DescribeClientQuotasResponse { Entries = [] });
    }

    /// <inheritdoc/>
    protected override DescribeClientQuotasResponse? FailAll(DescribeClientQuotasRequest request, ErrorCode error, RequestContext context) =>
        new() { ErrorCode = error, Entries = null };

    private static (ErrorCode Error, string? Message) Check(DescribeClientQuotasRequest.ComponentData component, HashSet<string> seen) => component switch
    {
        { EntityType: "" } => (ErrorCode.InvalidRequest, "Unexpected empty filter component entity type"),
        { EntityType: not ("user" or "client-id" or "ip") } =>
            (ErrorCode.UnsupportedVersion, $"Custom entity type '{component.EntityType}' not supported"),
        { MatchType: < 0 or > HighestMatchType } => (ErrorCode.InvalidRequest, $"Unexpected match type: {component.MatchType}"),
        _ when !seen.Add(component.EntityType) => (ErrorCode.InvalidRequest, $"Duplicate filter component entity type: {component.EntityType}"),
        _ => default,
    };
}
