using Microsoft.Extensions.Logging;
using Ottla.Client.Metadata;
using Ottla.Client.Retries;
using Ottla.Protocol;

namespace Ottla.Client.Connections;

/// <summary>
/// What producers, consumers and the admin of one client share: the way to each broker, the metadata, and the rules for trying again.
/// Thread-safe.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly IReadOnlyList<BrokerAddress> _bootstrap;
    private readonly ILogger _logger;

    public Cluster(IReadOnlyList<BrokerAddress> bootstrap, OttlaClientOptions options)
    {
        _bootstrap = bootstrap;
        _logger = options.LoggerFactory.CreateLogger("Ottla.Client");
        Options = options;
        Random = new SeededRandom(options.RandomSeed);
        Backoff = new Backoff(options.RetryBackoff, options.RetryBackoffMaximum, Random);
        Retrier = new CallRetrier(Backoff, options, _logger);
        SharedLane = OpenLane();
        Metadata = new MetadataCache(this, _logger);
    }

    public OttlaClientOptions Options { get; }

    public TimeProvider TimeProvider => Options.TimeProvider;

    public SeededRandom Random { get; }

    public Backoff Backoff { get; }

    public CallRetrier Retrier { get; }

    public MetadataCache Metadata { get; }

    /// <summary>The connections of all calls whose answers do not wait for anything.</summary>
    public BrokerLane SharedLane { get; }

    public ILogger Logger => _logger;

    /// <summary>A lane for traffic of its own. The caller disposes it.</summary>
    public BrokerLane OpenLane() => new(Options, _logger);

    /// <summary>
    /// A connection to some broker: one that is open, else the first that answers, of those that the metadata lists and then of the
    /// bootstrap addresses.
    /// </summary>
    /// <exception cref="KafkaException">None answers; the exception lists the addresses.</exception>
    public async ValueTask<BrokerConnection> AnyBrokerAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<BrokerAddress> addresses = KnownAddresses();
        foreach (BrokerAddress address in addresses)
        {
            if (SharedLane.FindOpen(address) is { } open)
            {
                return open;
            }
        }

        Exception? last = null;
        foreach (BrokerAddress address in addresses)
        {
            try
            {
                return await SharedLane.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            }
            catch (KafkaException exception)
            {
                last = exception;
            }
        }

        throw Unreachable(addresses, last);
    }

    /// <summary>A connection to the broker with <paramref name="id"/>.</summary>
    /// <exception cref="KafkaException">The metadata does not list it (retriable), or it does not answer.</exception>
    public async ValueTask<BrokerConnection> BrokerAsync(BrokerId id, BrokerLane lane, CancellationToken cancellationToken)
    {
        if (!Metadata.Current.Brokers.TryGetValue(id.Value, out BrokerNode? node))
        {
            await Metadata.RefreshAsync([], cancellationToken).ConfigureAwait(false);
            if (!Metadata.Current.Brokers.TryGetValue(id.Value, out node))
            {
                throw new KafkaException(ErrorCode.LeaderNotAvailable, $"Broker {id} is not in the cluster's metadata.");
            }
        }

        return await NodeAsync(node.Address, lane, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A connection to a broker that the cluster named. That it does not answer may pass, unlike a wrong bootstrap address.</summary>
    public static async ValueTask<BrokerConnection> NodeAsync(BrokerAddress address, BrokerLane lane, CancellationToken cancellationToken)
    {
        try
        {
            return await lane.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception) when (exception.TriedAddresses.Count > 0)
        {
            throw new KafkaException(exception.Error, exception.Message, exception) { Broker = exception.Broker };
        }
    }

    /// <summary>The controller, which some admin calls must go to; any broker where the metadata names none.</summary>
    public async ValueTask<BrokerConnection> ControllerAsync(CancellationToken cancellationToken)
    {
        ClusterMetadata metadata = Metadata.Current;
        if (metadata.Brokers.IsEmpty)
        {
            await Metadata.RefreshAsync([], cancellationToken).ConfigureAwait(false);
            metadata = Metadata.Current;
        }

        return metadata.Brokers.TryGetValue(metadata.Controller.Value, out BrokerNode? node)
            ? await NodeAsync(node.Address, SharedLane, cancellationToken).ConfigureAwait(false)
            : await AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => SharedLane.DisposeAsync();

    private List<BrokerAddress> KnownAddresses()
    {
        List<BrokerAddress> addresses = [.. Metadata.Current.Brokers.Values.Select(node => node.Address)];
        for (int last = addresses.Count - 1; last > 0; last--)
        {
            int chosen = Random.Below(last + 1);
            (addresses[last], addresses[chosen]) = (addresses[chosen], addresses[last]);
        }

        addresses.AddRange(_bootstrap.Where(address => !addresses.Contains(address)));
        return addresses;
    }

    private static KafkaException Unreachable(IReadOnlyList<BrokerAddress> addresses, Exception? last)
    {
        string message = addresses.Count == 1 && last is not null
            ? last.Message
            : $"No broker answers; tried {string.Join(", ", addresses)}. Last: {last?.Message}";
        return new KafkaException(ErrorCode.NetworkException, message, last) { TriedAddresses = addresses };
    }
}
