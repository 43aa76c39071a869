using System.Net.Sockets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Connections;

/// <summary>An open connection to one broker, with the versions that both sides speak. Thread-safe.</summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private readonly BrokerLink _link;
    private readonly OttlaClientOptions _options;

    private BrokerConnection(BrokerLink link, BrokerAddress address, NegotiatedVersions versions, OttlaClientOptions options)
    {
        _link = link;
        _options = options;
        Address = address;
        Versions = versions;
    }

    public BrokerAddress Address { get; }

    public NegotiatedVersions Versions { get; }

    public bool IsOpen => _link.IsOpen;

    /// <summary>Connects and asks for the broker's versions.</summary>
    /// <exception cref="KafkaException"><see cref="ErrorCode.NetworkException"/>: the broker does not answer.</exception>
    public static async ValueTask<BrokerConnection> OpenAsync(
        BrokerAddress address, OttlaClientOptions options, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        BrokerLink? link = null;
        try
        {
            var linkOptions = new BrokerLinkOptions
            {
                ClientId = options.ClientId,
                MaxResponseBytes = options.MaximumResponseBytes,
                TimeProvider = options.TimeProvider,
            };
            link = await BrokerLink.ConnectAsync(address.Host, address.Port, linkOptions, linked.Token).ConfigureAwait(false);
            NegotiatedVersions versions = await VersionNegotiation.RunAsync(link, options, linked.Token).ConfigureAwait(false);
            return new BrokerConnection(link, address, versions, options);
        }
        catch (Exception exception)
        {
            if (link is not null)
            {
                await link.DisposeAsync().ConfigureAwait(false);
            }

            if (exception is SocketException or LinkException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw Unreachable(address, exception);
            }

            throw;
        }
    }

    /// <summary>The newest version of a request that both sides have.</summary>
    /// <exception cref="KafkaException"><see cref="ErrorCode.UnsupportedVersion"/>: there is none.</exception>
    public short VersionOf<TRequest>(short newestWanted = short.MaxValue)
        where TRequest : IApiMessage<TRequest>
    {
        if (Versions.Newest(TRequest.ApiKey, TRequest.Versions, newestWanted) is { } version)
        {
            return version;
        }

        string served = Versions.Ranges.TryGetValue(TRequest.ApiKey, out VersionRange range)
            ? $"the broker serves versions {range}, this client {TRequest.Versions}"
            : "the broker does not serve it";
        throw KafkaException.Of(ErrorCode.UnsupportedVersion, TRequest.ApiKey, Address.ToString(), served);
    }

    /// <summary>Sends a request in its newest common version. The caller disposes the answer.</summary>
    /// <exception cref="KafkaException">The connection failed, or no version is common to both sides.</exception>
    public ValueTask<LinkResponse<TResponse>> CallAsync<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken)
        where TRequest : IApiMessage<TRequest>
        where TResponse : IApiMessage<TResponse> =>
        CallAsync<TRequest, TResponse>(request, VersionOf<TRequest>(), _options.RequestTimeout, cancellationToken);

    /// <summary>Sends a request in a version that <see cref="VersionOf"/> gave. The caller disposes the answer.</summary>
    public async ValueTask<LinkResponse<TResponse>> CallAsync<TRequest, TResponse>(
        TRequest request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TRequest : IApiMessage<TRequest>
        where TResponse : IApiMessage<TResponse>
    {
        try
        {
            return await _link.SendAsync<TRequest, TResponse>(request, version, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (LinkException exception)
        {
            throw Failed(TRequest.ApiKey, exception);
        }
    }

    /// <summary>Sends a request that the broker does not answer.</summary>
    public async ValueTask SendWithoutAnswerAsync<TRequest>(TRequest request, short version, CancellationToken cancellationToken)
        where TRequest : IApiMessage<TRequest>
    {
        try
        {
            await _link.SendWithoutAnswerAsync(request, version, cancellationToken).ConfigureAwait(false);
        }
        catch (LinkException exception)
        {
            throw Failed(TRequest.ApiKey, exception);
        }
    }

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private KafkaException Failed(ApiKey api, LinkException exception)
    {
        ErrorCode error = exception.Failure switch
        {
            LinkFailure.TimedOut => ErrorCode.RequestTimedOut,
            LinkFailure.Malformed => ErrorCode.UnknownServerError,
            _ => ErrorCode.NetworkException,
        };
        return new KafkaException(error, $"{api} failed on broker {Address}: {exception.Message}", exception)
        {
            Api = api,
            Broker = Address.ToString(),
        };
    }

    private static KafkaException Unreachable(BrokerAddress address, Exception reason)
    {
        string text = reason is OperationCanceledException ? "it did not answer in time" : reason.Message;
        return new KafkaException(ErrorCode.NetworkException, $"No broker answers at {address}: {text}", reason)
        {
            Broker = address.ToString(),
            TriedAddresses = [address],
        };
    }
}
