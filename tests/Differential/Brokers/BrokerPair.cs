using Ottla.Differential.Tests.Running;
using Ottla.Differential.Tests.Wire;
using Ottla.Protocol;
using Ottla.Tests.Processes;

[assembly: AssemblyFixture(typeof(Ottla.Differential.Tests.Brokers.BrokerPair))]

namespace Ottla.Differential.Tests.Brokers;

/// <summary>The published file and Apache Kafka, both fresh; one pair for almost the whole suite.</summary>
public sealed class BrokerPair : IAsyncLifetime
{
    private static readonly string[] Settings = ["group.initial.rebalance.delay.ms=0", "group.min.session.timeout.ms=100"];

    /// <summary>What Kafka's start script sets.</summary>
    private static readonly string[] OfKafkasStart =
    [
        "node.id=1", "offsets.topic.replication.factor=1", "controller.listener.names=CONTROLLER",
        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    ];

    private readonly string[] _more;
    private ComparedBroker? _kafka;
    private ComparedBroker? _ottla;

    /// <summary>A pair with the settings that most scripts need.</summary>
    public BrokerPair()
        : this([])
    {
    }

    /// <summary>A pair with more settings, for scripts that need another one.</summary>
    internal BrokerPair(string[] more) => _more = more;

    internal ComparedBroker Kafka => _kafka ?? throw new InvalidOperationException("Apache Kafka did not start");

    internal ComparedBroker Ottla => _ottla ?? throw new InvalidOperationException("Ottla did not start");

    internal CaseResults Results { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (BrokerProcess.KafkaProgram is null)
        {
            Assert.Skip("Apache Kafka or Java is not there");
        }

        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<ComparedBroker> kafka = ComparedBroker.StartAsync(BrokerKind.Kafka, [.. Settings, .. _more], cancellation);
        _ottla = await ComparedBroker.StartAsync(BrokerKind.Ottla, [.. Settings, .. OfKafkasStart, .. _more], cancellation);
        _kafka = await kafka;
        Results = new CaseResults(this);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (ComparedBroker? broker in (ComparedBroker?[])[_ottla, _kafka])
        {
            if (broker is not null)
            {
                await broker.DisposeAsync();
            }
        }
    }

    /// <summary>The versions that both serve.</summary>
    internal VersionRange CommonVersions(string api)
    {
        ApiKey key = MessageSchemas.KeyOf(api);
        if (key == ApiKey.Produce)
        {
            // Kafka advertises it from 0 for the sake of librdkafka, and closes the connection that takes it at its word.
            const short Oldest = 3;
            return new VersionRange(Oldest, Math.Min(Kafka.Versions[key].Highest, Ottla.Versions[key].Highest));
        }

        return Kafka.Versions.TryGetValue(key, out VersionRange kafka) && Ottla.Versions.TryGetValue(key, out VersionRange ottla)
            ? new VersionRange(Math.Max(kafka.Lowest, ottla.Lowest), Math.Min(kafka.Highest, ottla.Highest))
            : throw new FormatException($"{api} is not served by both");
    }
}
