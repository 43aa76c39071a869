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
    private const sbyte Exact = 0, Default = 1, Specified = 2;

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
                return new ValueTask<DescribeClientQuotasResponse?>(Refuse(problem.Error, problem.Message));
            }
        }

        return new ValueTask<DescribeClientQuotasResponse?>(seen.Count > 1 && seen.Contains("ip")
            ? Refuse(ErrorCode.InvalidRequest, "Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.")
            : new DescribeClientQuotasResponse { Entries = [] });
    }

    /// <inheritdoc/>
    protected override DescribeClientQuotasResponse? FailAll(DescribeClientQuotasRequest request, ErrorCode error, RequestContext context) => Refuse(error, null);

    private static DescribeClientQuotasResponse Refuse(ErrorCode error, string? message) => new() { ErrorCode = error, ErrorMessage = message, Entries = null };

    private static (ErrorCode Error, string? Message) Check(DescribeClientQuotasRequest.ComponentData component, HashSet<string> seen) => component switch
    {
        { EntityType: "" } => (ErrorCode.InvalidRequest, "Invalid empty entity type."),
        { EntityType: not ("user" or "client-id" or "ip") } =>
            (ErrorCode.UnsupportedVersion, $"Unsupported entity type {component.EntityType}"),
        { MatchType: < Exact or > Specified } => (ErrorCode.InvalidRequest, $"Unknown match type {component.MatchType}"),
        { MatchType: Exact, Match: null } => (ErrorCode.InvalidRequest, "Request specified MATCH_TYPE_EXACT, but set match string to null."),
        { MatchType: Default, Match: not null } => (ErrorCode.InvalidRequest, "Request specified MATCH_TYPE_DEFAULT, but also specified a match string."),
        { MatchType: Specified, Match: not null } => (ErrorCode.InvalidRequest, "Request specified MATCH_TYPE_SPECIFIED, but also specified a match string."),
        _ when !seen.Add(component.EntityType) => (ErrorCode.InvalidRequest, $"Entity type {component.EntityType} cannot appear more than once in the filter."),
        _ => default,
    };
}
