using Ottla.Conformance.Tests.Brokers;
using Ottla.Conformance.Tests.Drivers;

namespace Ottla.Conformance.Tests;

public sealed class KafkaGoTests(BrokerFixture broker) : ForeignClientTests(broker, ForeignClient.KafkaGo);
