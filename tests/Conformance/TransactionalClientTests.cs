using System.Text.Json;
using Ottla.Conformance.Tests.Brokers;
using Ottla.Conformance.Tests.Drivers;
using Ottla.Tests.Processes;

namespace Ottla.Conformance.Tests;

/// <summary>What clients with transactions are told while there are none.</summary>
public abstract class TransactionalClientTests(BrokerFixture broker, ForeignClient client) : ForeignClientTests(broker, client)
{
    [Fact]
    public async Task A_transaction_fails_at_once_with_a_message()
    {
        Assert.SkipUnless(BrokerFixture.Kind == BrokerKind.Ottla, "Apache Kafka has transactions");
        string topic = await Broker.NewTopicAsync($"transaction-{Client.Name}");

        JsonElement result = await DoAsync("transaction", topic);

        Assert.NotEqual(string.Empty, result.GetProperty("error").GetString());
        Assert.InRange(result.GetProperty("seconds").GetDouble(), 0, 5);
    }
}
