// DescribeAcls 0-3.
// 0; 1 adds pattern types (KIP-290); 2 is flexible; 3 adds user resources.
// Errors: SECURITY_DISABLED, always: there is no access control yet.

using Ottla.Broker.Authorization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Security;

/// <summary>Says that there is no access control.</summary>
internal sealed class DescribeAclsHandler : RequestHandler<DescribeAclsRequest, DescribeAclsResponse>
{
    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<DescribeAclsResponse?> HandleAsync(
        DescribeAclsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(new DescribeAclsResponse { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = SecurityDisabled.MessageOfDescribe });

    /// <inheritdoc/>
    protected override DescribeAclsResponse? FailAll(DescribeAclsRequest request, ErrorCode error, RequestContext context) =>
        new() { ErrorCode = error };
}
