using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Ottla.Tests.Processes;

[assembly: AssemblyFixture(typeof(Ottla.Conformance.Tests.Brokers.BrokerFixture))]

namespace Ottla.Conformance.Tests.Brokers;

/// <summary>One fresh broker for the whole suite; each test has topics and groups of its own.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private BrokerProcess? _broker;
    private IAdminClient? _admin;
    private int _names;

    static BrokerFixture() => BundledLibrdkafka.Use(typeof(Library).Assembly);

    /// <summary>Which broker this run is about.</summary>
    public static BrokerKind Kind => BrokerProcess.KindOfThisRun;

    /// <summary>The broker.</summary>
    public BrokerProcess Broker => _broker ?? throw new InvalidOperationException("The broker did not start");

    /// <summary>What clients connect to.</summary>
    public string Address => Broker.Address;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (Kind == BrokerKind.Kafka && BrokerProcess.KafkaProgram is null)
        {
            Assert.Skip("Apache Kafka or Java is not there");
        }

        _broker = await BrokerProcess.StartAsync(Kind, ["group.initial.rebalance.delay.ms=100"], TestContext.Current.CancellationToken);
        _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Address }).Build();
    }

    /// <summary>A name that no other test has.</summary>
    public string NewName(string purpose) =>
        $"{purpose}-{Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Creates a topic of its own for a test and returns its name.</summary>
    public async Task<string> NewTopicAsync(string purpose, int partitions = 1)
    {
        string name = NewName(purpose);
        IAdminClient admin = _admin ?? throw new InvalidOperationException("The broker did not start");
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }]);
        return name;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}
