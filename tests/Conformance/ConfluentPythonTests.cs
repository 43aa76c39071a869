using Ottla.Conformance.Tests.Brokers;
using Ottla.Conformance.Tests.Drivers;

namespace Ottla.Conformance.Tests;

public sealed class ConfluentPythonTests(BrokerFixture broker) : TransactionalClientTests(broker, ForeignClient.ConfluentPython);
