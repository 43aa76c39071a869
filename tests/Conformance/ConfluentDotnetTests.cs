using Ottla.Conformance.Tests.Brokers;
using Ottla.Conformance.Tests.Drivers;

namespace Ottla.Conformance.Tests;

public sealed class ConfluentDotnetTests(BrokerFixture broker) : TransactionalClientTests(broker, ForeignClient.ConfluentDotnet);
