using Ottla.Conformance.Tests.Brokers;
using Ottla.Conformance.Tests.Drivers;

namespace Ottla.Conformance.Tests;

public sealed class PlatformaticTests(BrokerFixture broker) : ForeignClientTests(broker, ForeignClient.Platformatic);
