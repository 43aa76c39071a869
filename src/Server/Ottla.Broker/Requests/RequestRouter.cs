using Microsoft.Extensions.Logging;
using Ottla.Broker.Authorization;
using Ottla.Broker.Metrics;
using Ottla.Protocol;

namespace Ottla.Broker.Requests;

/// <summary>
/// Calls the handler of a request and sees to it that something comes back: the handler's response, one that says what went wrong, or
/// the wish to close the connection. Thread-safe.
/// </summary>
internal sealed class RequestRouter
{
    private readonly ApiHandler?[] _handlers;
    private readonly BrokerMetrics _metrics;
    private readonly ILogger _logger;

    public RequestRouter(IReadOnlyList<ApiHandler> handlers, BrokerMetrics metrics, ILogger logger)
    {
        _metrics = metrics;
        _logger = logger;
        _handlers = new ApiHandler?[handlers.Max(static handler => (int)handler.ApiKey) + 1];
        foreach (ApiHandler handler in handlers)
        {
            ref ApiHandler? place = ref _handlers[(int)handler.ApiKey];
            place = place is null ? handler : throw new InvalidOperationException($"{handler.ApiKey} has two handlers.");
        }
    }

    /// <summary>The handler of <paramref name="key"/>, or null when the API is not served.</summary>
    public ApiHandler? Find(ApiKey key) => (uint)key < (uint)_handlers.Length ? _handlers[(int)key] : null;

    /// <summary>Handles a request. The task never fails; null is no response.</summary>
    public ValueTask<IMessage?> HandleAsync(DecodedRequest request, CancellationToken cancellationToken)
    {
        ApiAuthorization authorization = request.Handler.Authorization;
        if (authorization.IsCheckedByRouter
            && !request.Context.IsAuthorized(authorization.Operation, authorization.Resource, ApiAuthorization.ClusterName))
        {
            return new ValueTask<IMessage?>(Fail(request, ErrorCode.ClusterAuthorizationFailed));
        }

        try
        {
            ValueTask<IMessage?> handling = request.Handler.InvokeAsync(request.Body, request.Context, cancellationToken);
            if (!handling.IsCompletedSuccessfully)
            {
                return AwaitAsync(handling, request, cancellationToken);
            }

            IMessage? response = handling.Result;
            _metrics.RequestHandled(request.Context);
            return new ValueTask<IMessage?>(response);
        }
        catch (Exception exception)
        {
            return new ValueTask<IMessage?>(Fail(request, exception, cancellationToken));
        }
    }

    private async ValueTask<IMessage?> AwaitAsync(ValueTask<IMessage?> handling, DecodedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            IMessage? response = await handling;
            _metrics.RequestHandled(request.Context);
            return response;
        }
        catch (Exception exception)
        {
            return Fail(request, exception, cancellationToken);
        }
    }

    private IMessage? Fail(DecodedRequest request, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        _metrics.RequestFailed(request.Context);
        RequestsLog.HandlerFailed(_logger, request.Context.ApiKey, request.Context.ApiVersion, request.Context.ClientId, exception);
        return Fail(request, ExceptionMapper.ToErrorCode(exception));
    }

    private IMessage? Fail(DecodedRequest request, ErrorCode error)
    {
        IMessage? response = null;
        try
        {
            response = request.Handler.DescribeFailure(request.Body, error, request.Context);
        }
        catch (Exception exception)
        {
            RequestsLog.HandlerFailed(_logger, request.Context.ApiKey, request.Context.ApiVersion, request.Context.ClientId, exception);
        }

        if (response is null)
        {
            request.Context.CloseConnection();
        }

        return response;
    }
}
