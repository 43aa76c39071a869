using Ottla.Client.Connections;
using Ottla.Protocol;
using Ottla.Transport.Links;

namespace Ottla.Client.Administration;

/// <summary>How admin calls reach the broker they need, with retries.</summary>
internal sealed class AdminCaller(Cluster cluster)
{
    public Cluster Cluster => cluster;

    /// <summary>The time that a request gives the broker, in its own milliseconds field.</summary>
    public int TimeoutMilliseconds => (int)Math.Min(cluster.Options.RequestTimeout.TotalMilliseconds, int.MaxValue);

    /// <summary>Calls the controller, and finds out who that is when it has moved.</summary>
    public ValueTask<T> AtControllerAsync<T>(Func<BrokerConnection, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        RetryAsync(
            async token => await call(await cluster.ControllerAsync(token).ConfigureAwait(false), token).ConfigureAwait(false), cancellationToken);

    /// <summary>Calls any broker.</summary>
    public ValueTask<T> AnywhereAsync<T>(Func<BrokerConnection, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        RetryAsync(
            async token => await call(await cluster.AnyBrokerAsync(token).ConfigureAwait(false), token).ConfigureAwait(false), cancellationToken);

    /// <summary>Calls one broker.</summary>
    public ValueTask<T> AtBrokerAsync<T>(
        BrokerId broker, Func<BrokerConnection, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        RetryAsync(
            async token => await call(await cluster.BrokerAsync(broker, cluster.SharedLane, token).ConfigureAwait(false), token).ConfigureAwait(false),
            cancellationToken);

    public ValueTask<T> RetryAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken) =>
        cluster.Retrier.CallAsync(attempt, RefreshAsync, cluster.Options.CallTimeout, cancellationToken);

    /// <summary>Sends one request in the version given, or the newest, and hands the answer to <paramref name="read"/> while it is valid.</summary>
    public static async ValueTask<T> SendAsync<TRequest, TResponse, T>(
        BrokerConnection broker, TRequest request, Func<TResponse, T> read, CancellationToken cancellationToken)
        where TRequest : IApiMessage<TRequest>
        where TResponse : IApiMessage<TResponse>
    {
        using LinkResponse<TResponse> response = await broker.CallAsync<TRequest, TResponse>(request, cancellationToken).ConfigureAwait(false);
        return read(response.Message);
    }

    public static void ThrowIfError(ErrorCode error, ApiKey api, BrokerConnection broker, string? detail)
    {
        if (error != ErrorCode.None)
        {
            throw KafkaException.Of(error, api, broker.Address.ToString(), detail);
        }
    }

    private async ValueTask RefreshAsync(KafkaException failure, CancellationToken cancellationToken)
    {
        if (failure.Error.InvalidatesMetadata() || failure.Error == ErrorCode.NotController)
        {
            await cluster.Metadata.RefreshAsync([], cancellationToken).ConfigureAwait(false);
        }
    }
}
