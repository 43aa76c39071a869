// InitProducerId 0-5.
// 0 hands out a producer id (KIP-98); 1 changes nothing; 2 is flexible; 3 takes the id that a producer had (KIP-360), which matters for
// transactions only; 4 and 5 change errors of transactions.
// Errors: INVALID_REQUEST for any transactional id, because there are no transactions, and for an id without an epoch or the reverse; CLUSTER_AUTHORIZATION_FAILED; whatever the
// controller answers when it has no block of ids to give.

using Ottla.Broker.Authorization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Producers;

/// <summary>Gives an idempotent producer its id, with epoch 0.</summary>
internal sealed class InitProducerIdHandler : RequestHandler<InitProducerIdRequest, InitProducerIdResponse>
{
    private readonly ProducerIdSource _ids;

    public InitProducerIdHandler(ProducerIdSource ids)
    {
        _ids = ids;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.IdempotentWrite);

    /// <inheritdoc/>
    public override async ValueTask<InitProducerIdResponse?> HandleAsync(
        InitProducerIdRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        bool namesId = request.ProducerId >= 0;
        bool namesEpoch = request.ProducerEpoch >= 0;
        if (request.TransactionalId is not null || namesId != namesEpoch)
        {
            return Failed(ErrorCode.InvalidRequest);
        }

        (ErrorCode error, ProducerId id) = await _ids.NextAsync(cancellationToken);
        return error == ErrorCode.None ? new InitProducerIdResponse { ProducerId = id.Value, ProducerEpoch = 0 } : Failed(error);
    }

    /// <inheritdoc/>
    protected override InitProducerIdResponse? FailAll(InitProducerIdRequest request, ErrorCode error, RequestContext context) => Failed(error);

    private static InitProducerIdResponse Failed(ErrorCode error) => new() { ErrorCode = error, ProducerId = -1, ProducerEpoch = -1 };
}
