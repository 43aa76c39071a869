// DescribeTransactions 0.
// 0 (KIP-664).
// Errors: TRANSACTIONAL_ID_NOT_FOUND for each id, INVALID_REQUEST for an empty one, TRANSACTIONAL_ID_AUTHORIZATION_FAILED.

using Ottla.Broker.Authorization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Transactions;

/// <summary>Describes transactions, of which there are none: transactional producers are not served yet.</summary>
internal sealed class DescribeTransactionsHandler : RequestHandler<DescribeTransactionsRequest, DescribeTransactionsResponse>
{
    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.TransactionalId, AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<DescribeTransactionsResponse?> HandleAsync(
        DescribeTransactionsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(Refuse(request, id => ErrorOf(id, context)));

    /// <inheritdoc/>
    protected override DescribeTransactionsResponse? FailAll(DescribeTransactionsRequest request, ErrorCode error, RequestContext context) =>
        Refuse(request, _ => error);

    private static ErrorCode ErrorOf(string id, RequestContext context)
    {
        if (!context.IsAuthorized(AclOperation.Describe, ResourceType.TransactionalId, id))
        {
            return ErrorCode.TransactionalIdAuthorizationFailed;
        }

        return id.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.TransactionalIdNotFound;
    }

    private static DescribeTransactionsResponse Refuse(DescribeTransactionsRequest request, Func<string, ErrorCode> errorOf) => new()
    {
        TransactionStates = request.TransactionalIds.ConvertAll(id => new DescribeTransactionsResponse.TransactionStateData
        {
            TransactionalId = id,
            ErrorCode = errorOf(id),
        }),
    };
}
