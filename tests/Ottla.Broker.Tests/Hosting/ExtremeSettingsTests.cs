using Microsoft.Extensions.Time.Testing;
using Ottla.Broker.Tests.Support;
using Ottla.Core.Configuration;
using Ottla.Protocol;

namespace Ottla.Broker.Tests.Hosting;

/// <summary>Operators write the greatest number there is where they mean never: nothing may overflow on it.</summary>
public sealed class ExtremeSettingsTests
{
    [Fact]
    public async Task A_broker_serves_with_every_time_and_amount_at_its_greatest()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(55));
        await using BrokerScenario scenario = await BrokerScenario.StartAsync(time, [.. GreatestSettings()]);
        await using TestClient client = await scenario.ConnectAsync();

        await ServeAsync(scenario, client, time);
        await scenario.RestartAsync();

        await using TestClient next = await scenario.ConnectAsync();
        Assert.Equal(1, (await next.FetchAsync("kept", 0)).HighWatermark);
    }

    private static IEnumerable<(string Key, string Value)> GreatestSettings()
    {
        string[] units = [".ms", ".minutes", ".hours", ".messages", ".retention.bytes", ".interval.bytes"];
        foreach (ConfigurationKey key in BrokerKeys.All)
        {
            string greatest = key.Type == ConfigurationType.Long ? $"{long.MaxValue}" : $"{int.MaxValue}";
            if (key.Type is ConfigurationType.Long or ConfigurationType.Int && units.Any(unit => key.Name.EndsWith(unit, StringComparison.Ordinal)))
            {
                Assert.Null(key.Check(greatest));
                yield return (key.Name, greatest);
            }
        }
    }

    private static async Task ServeAsync(BrokerScenario scenario, TestClient client, FakeTimeProvider time)
    {
        await scenario.CreateTopicAsync("kept");
        await scenario.CreateTopicAsync("deleted");
        foreach (string topic in (string[])["kept", "deleted"])
        {
            Assert.Equal(ErrorCode.None, (await client.ProduceAsync(topic, Batches.Of("a"))).ErrorCode);
        }

        await scenario.DeleteTopicAsync("deleted");
        for (int second = 0; second < 5; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, (await client.FetchAsync("kept", 0)).HighWatermark);
        }
    }
}
