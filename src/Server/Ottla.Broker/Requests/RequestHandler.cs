using Ottla.Protocol;

namespace Ottla.Broker.Requests;

/// <summary>
/// Handles one API. The request's byte fields are slices of its frame, which lives until the response is sent; whoever keeps bytes
/// longer copies them. Requests of one connection run in order of arrival up to the first incomplete await; the rest completes in the
/// background, and the responses are still sent in order.
/// </summary>
/// <typeparam name="TRequest">The request message.</typeparam>
/// <typeparam name="TResponse">The response message.</typeparam>
public abstract class RequestHandler<TRequest, TResponse> : ApiHandler
    where TRequest : class, IApiMessage<TRequest>
    where TResponse : class, IApiMessage<TResponse>
{
    /// <inheritdoc/>
    public override sealed ApiKey ApiKey => TRequest.ApiKey;

    /// <inheritdoc/>
    public override VersionRange Versions => TRequest.Versions;

    internal override sealed short FirstFlexibleRequestVersion => TRequest.FirstFlexibleVersion;

    internal override sealed short FirstFlexibleResponseVersion => TResponse.FirstFlexibleVersion;

    /// <summary>
    /// Answers <paramref name="request"/>, or returns null for a request that has no answer (Produce with acks 0). Must not block:
    /// it runs on the thread that serves the sockets, unless <see cref="ApiHandler.MayWaitForDisk"/>.
    /// </summary>
    /// <param name="request">The body.</param>
    /// <param name="context">The rest of the request.</param>
    /// <param name="cancellationToken">Cancelled when the connection is gone; cancelling stops waiting, never half of a change.</param>
    public abstract ValueTask<TResponse?> HandleAsync(TRequest request, RequestContext context, CancellationToken cancellationToken);

    /// <summary>
    /// The answer that says <paramref name="error"/> for the whole request, used when the request is not authorised or the handler
    /// threw; null when the API has no place for it, and then the connection is closed.
    /// </summary>
    protected virtual TResponse? FailAll(TRequest request, ErrorCode error, RequestContext context) => null;

    internal override sealed IMessage Read(ref ProtocolReader reader, short version) => TRequest.Read(ref reader, version);

    internal override sealed ValueTask<IMessage?> InvokeAsync(IMessage request, RequestContext context, CancellationToken cancellationToken)
    {
        ValueTask<TResponse?> handling = HandleAsync((TRequest)request, context, cancellationToken);
        return handling.IsCompletedSuccessfully ? new ValueTask<IMessage?>(handling.Result) : AwaitAsync(handling);
    }

    internal override sealed IMessage? DescribeFailure(IMessage request, ErrorCode error, RequestContext context) =>
        FailAll((TRequest)request, error, context);

    private static async ValueTask<IMessage?> AwaitAsync(ValueTask<TResponse?> handling) => await handling;
}
