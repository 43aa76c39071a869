// CreateAcls 0-3.
// 0; 1 adds pattern types (KIP-290); 2 is flexible; 3 adds user resources.
// Errors: SECURITY_DISABLED for each entry, always: there is no access control yet.

using Ottla.Broker.Authorization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Security;

/// <summary>Says that there is no access control.</summary>
internal sealed class CreateAclsHandler : RequestHandler<CreateAclsRequest, CreateAclsResponse>
{
    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Alter);

    /// <inheritdoc/>
    public override ValueTask<CreateAclsResponse?> HandleAsync(
        CreateAclsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(Refuse(request, ErrorCode.SecurityDisabled, SecurityDisabled.Message));

    /// <inheritdoc/>
    protected override CreateAclsResponse? FailAll(CreateAclsRequest request, ErrorCode error, RequestContext context) => Refuse(request, error, null);

    private static CreateAclsResponse Refuse(CreateAclsRequest request, ErrorCode error, string? message) => new()
    {
        Results = request.Creations.ConvertAll(_ => new CreateAclsResponse.AclCreationResult { ErrorCode = error, ErrorMessage = message }),
    };
}
