using Ottla.Client.Administration;
using Ottla.Client.Connections;
using Ottla.Client.Consuming;
using Ottla.Client.Producing;

namespace Ottla.Client;

/// <summary>
/// The way to one Kafka cluster: makes producers, consumers and the admin, which share its metadata. Nothing blocks, and no thread
/// belongs to it. Thread-safe; dispose producers and consumers before the client.
/// </summary>
public sealed class OttlaClient : IAsyncDisposable
{
    private readonly Cluster _cluster;

    private OttlaClient(IReadOnlyList<BrokerAddress> bootstrap, OttlaClientOptions options)
    {
        _cluster = new Cluster(bootstrap, options);
        Admin = new Admin(_cluster);
    }

    /// <summary>Looks after topics, groups and the cluster.</summary>
    public Admin Admin { get; }

    /// <summary>Prepares a client. The first call that needs a broker connects.</summary>
    /// <param name="bootstrapServers">One or more addresses, separated by commas, such as <c>localhost:9092</c>.</param>
    /// <param name="options">How to reach the cluster; null for the defaults.</param>
    /// <exception cref="ArgumentException">An address cannot be read, or an option is out of its range.</exception>
    public static OttlaClient Connect(string bootstrapServers, OttlaClientOptions? options = null)
    {
        options ??= new OttlaClientOptions();
        options.Validate();
        return BrokerAddress.TryParseList(bootstrapServers, out IReadOnlyList<BrokerAddress>? addresses)
            ? new OttlaClient(addresses, options)
            : throw new ArgumentException($"\"{bootstrapServers}\" is not a list of HOST:PORT.", nameof(bootstrapServers));
    }

    /// <summary>Makes a producer; the caller disposes it.</summary>
    public Producer CreateProducer(ProducerOptions? options = null) => new(_cluster, options ?? new ProducerOptions());

    /// <summary>Makes a consumer; the caller disposes it.</summary>
    public Consumer CreateConsumer(ConsumerOptions? options = null) => new(_cluster, options ?? new ConsumerOptions());

    /// <summary>Closes the shared connections. Never throws because of a broker.</summary>
    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
