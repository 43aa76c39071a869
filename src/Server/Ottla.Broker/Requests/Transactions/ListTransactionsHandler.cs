// ListTransactions 0-2.
// 0 (KIP-664); 1 filters by duration (KIP-994); 2 filters by a pattern (KIP-1152).
// Errors: INVALID_REGULAR_EXPRESSION. States that are not known are named in the answer.

using Ottla.Broker.Authorization;
using Ottla.Core.Patterns;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Transactions;

/// <summary>Lists transactions, of which there are none: transactional producers are not served yet.</summary>
internal sealed class ListTransactionsHandler : RequestHandler<ListTransactionsRequest, ListTransactionsResponse>
{
    private static readonly HashSet<string> States = new(StringComparer.Ordinal)
    {
        "Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort", "Dead", "PrepareEpochFence",
    };

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnEach(ResourceType.TransactionalId, AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<ListTransactionsResponse?> HandleAsync(
        ListTransactionsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(Re2Syntax.IsValid(request.TransactionalIdPattern)
            ? new ListTransactionsResponse { UnknownStateFilters = request.StateFilters.FindAll(static state => !States.Contains(state)) }
            : new ListTransactionsResponse { ErrorCode = ErrorCode.InvalidRegularExpression });

    /// <inheritdoc/>
    protected override ListTransactionsResponse? FailAll(ListTransactionsRequest request, ErrorCode error, RequestContext context) =>
        new() { ErrorCode = error };
}
