// DeleteAcls 0-3.
// 0; 1 adds pattern types (KIP-290); 2 is flexible; 3 adds user resources.
// Errors: SECURITY_DISABLED for each filter, always: there is no access control yet.

using Ottla.Broker.Authorization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Security;

/// <summary>Says that there is no access control.</summary>
internal sealed class DeleteAclsHandler : RequestHandler<DeleteAclsRequest, DeleteAclsResponse>
{
    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Alter);

    /// <inheritdoc/>
    public override ValueTask<DeleteAclsResponse?> HandleAsync(
        DeleteAclsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(Refuse(request, ErrorCode.SecurityDisabled, SecurityDisabled.Message));

    /// <inheritdoc/>
    protected override DeleteAclsResponse? FailAll(DeleteAclsRequest request, ErrorCode error, RequestContext context) => Refuse(request, error, null);

    private static DeleteAclsResponse Refuse(DeleteAclsRequest request, ErrorCode error, string? message) => new()
    {
        FilterResults = request.Filters.ConvertAll(_ => new DeleteAclsResponse.DeleteAclsFilterResult { ErrorCode = error, ErrorMessage = message }),
    };
}
