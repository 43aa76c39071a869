using System.Text.Json;
using Ottla.Conformance.Tests.Brokers;
using Ottla.Conformance.Tests.Drivers;

namespace Ottla.Conformance.Tests;

public sealed class KafkaPythonTests(BrokerFixture broker) : ForeignClientTests(broker, ForeignClient.KafkaPython)
{
    [Fact]
    public async Task Its_version_probe_finds_a_broker_with_headers_and_times()
    {
        Client.SkipWhereMissing();

        JsonElement result = await DoAsync("probe", "unused");

        int[] version = [.. result.GetProperty("version").EnumerateArray().Select(part => part.GetInt32())];
        Assert.True(version[0] >= 1, $"it took the broker for {string.Join('.', version)}");
    }
}
