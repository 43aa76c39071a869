using Ottla.Conformance.Tests.Brokers;
using Ottla.Conformance.Tests.Drivers;

namespace Ottla.Conformance.Tests;

public sealed class KafkajsTests(BrokerFixture broker) : TransactionalClientTests(broker, ForeignClient.Kafkajs);
