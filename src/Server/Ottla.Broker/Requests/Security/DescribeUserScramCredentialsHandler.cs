// DescribeUserScramCredentials 0.
// 0 (KIP-554).
// Errors: RESOURCE_NOT_FOUND for each user that is named, DUPLICATE_RESOURCE for one that is named twice, CLUSTER_AUTHORIZATION_FAILED.

using Ottla.Broker.Authorization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Security;

/// <summary>Lists SCRAM credentials, of which none can be stored yet.</summary>
internal sealed class DescribeUserScramCredentialsHandler : RequestHandler<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>
{
    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<DescribeUserScramCredentialsResponse?> HandleAsync(
        DescribeUserScramCredentialsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        DescribeUserScramCredentialsResponse response = new();
        foreach (IGrouping<string, DescribeUserScramCredentialsRequest.UserName> user in (request.Users ?? []).GroupBy(static user => user.Name, StringComparer.Ordinal))
        {
            bool isTwice = user.Skip(1).Any();
            response.Results.Add(new DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult
            {
                User = user.Key,
                ErrorCode = isTwice ? ErrorCode.DuplicateResource : ErrorCode.ResourceNotFound,
                ErrorMessage = isTwice
                    ? $"Cannot describe SCRAM credentials for the same user twice in a single request: {user.Key}"
                    : $"Attempt to describe a user credential that does not exist: {user.Key}",
            });
        }

        return new ValueTask<DescribeUserScramCredentialsResponse?>(response);
    }

    /// <inheritdoc/>
    protected override DescribeUserScramCredentialsResponse? FailAll(
        DescribeUserScramCredentialsRequest request, ErrorCode error, RequestContext context) => new() { ErrorCode = error };
}
