using Ottla.Broker.Tests.Support;
using Ottla.Core.Configuration;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Description = Ottla.Protocol.Messages.DescribeConfigsResponse.DescribeConfigsResourceResult;

namespace Ottla.Broker.Tests.Requests.Admin;

public sealed class ConfigAdminTests
{
    private const sbyte Topic = 2;
    private const sbyte Broker = 4;

    [Fact]
    public async Task Every_version_describes_a_topic()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders", 1, ("segment.bytes", "2000000"));
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 4; version++)
        {
            DescribeConfigsResponse.DescribeConfigsResult result = await DescribeAsync(client, version, Topic, "orders");

            Assert.Equal(TopicKeys.All.Count, result.Configs.Count);
            Description set = Find(result, "segment.bytes");
            Description unset = Find(result, "retention.ms");
            Assert.Equal(("2000000", false, false), (set.Value, set.ReadOnly, set.IsSensitive));
            Assert.Equal("604800000", unset.Value);
            if (version == 0)
            {
                Assert.Equal((false, true), (set.IsDefault, unset.IsDefault));
                continue;
            }

            Assert.Equal((1, 5), (set.ConfigSource, unset.ConfigSource));
            Assert.Equal(
                [("segment.bytes", "2000000", 1), ("log.segment.bytes", "1073741824", 5)],
                set.Synonyms.Select(synonym => (synonym.Name, synonym.Value, (int)synonym.Source)));
            Assert.Equal(version >= 3 ? 3 : 0, set.ConfigType);
            Assert.Equal(version >= 3, !string.IsNullOrEmpty(set.Documentation));
        }
    }

    [Fact]
    public async Task Only_the_keys_that_were_asked_for_are_described()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders");
        await using TestClient client = await scenario.ConnectAsync();
        DescribeConfigsRequest request = new()
        {
            Resources = [new() { ResourceType = Topic, ResourceName = "orders", ConfigurationKeys = ["retention.ms", "no.such.key"] }],
        };

        DescribeConfigsResponse response = await client.AskAsync<DescribeConfigsRequest, DescribeConfigsResponse>(request, 4);

        Assert.Equal(["retention.ms"], response.Results[0].Configs.Select(config => config.Name));
        Assert.Empty(response.Results[0].Configs[0].Synonyms);
    }

    [Fact]
    public async Task A_broker_describes_itself_and_the_clusters_defaults_and_no_other()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();
        Assert.Equal(ErrorCode.None, await ChangeAsync(client, Broker, "", "log.retention.ms", "5000"));
        Assert.Equal(ErrorCode.None, await ChangeAsync(client, Broker, "1", "message.max.bytes", "2000000"));

        DescribeConfigsResponse.DescribeConfigsResult self = await DescribeAsync(client, 4, Broker, "1");
        Assert.Equal(("1", true), (Find(self, "node.id").Value, Find(self, "node.id").ReadOnly));
        Assert.Equal(("2000000", 2), (Find(self, "message.max.bytes").Value, Find(self, "message.max.bytes").ConfigSource));
        Assert.Equal(("5000", 3), (Find(self, "log.retention.ms").Value, Find(self, "log.retention.ms").ConfigSource));

        DescribeConfigsResponse.DescribeConfigsResult defaults = await DescribeAsync(client, 4, Broker, "");
        Assert.Equal([("log.retention.ms", "5000")], defaults.Configs.Select(config => (config.Name, config.Value)));

        Assert.Equal(ErrorCode.InvalidRequest, (await DescribeAsync(client, 4, Broker, "7")).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await DescribeAsync(client, 4, Topic, "missing")).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await DescribeAsync(client, 4, 99, "x")).ErrorCode);
        Assert.Equal((ErrorCode.None, 0), (await DescribeAsync(client, 4, 8, "1")) is var loggers ? (loggers.ErrorCode, loggers.Configs.Count) : default);
    }

    [Fact]
    public async Task A_change_of_a_topic_takes_effect_on_the_next_batch_and_stays()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders");
        await using TestClient client = await scenario.ConnectAsync();
        Assert.Equal(ErrorCode.None, (await client.ProduceAsync("orders", Batches.Of(new string('x', 500)))).ErrorCode);

        for (short version = 0; version <= 1; version++)
        {
            Assert.Equal(ErrorCode.None, await ChangeAsync(client, Topic, "orders", "max.message.bytes", "100", version));
        }

        Assert.Equal(ErrorCode.MessageTooLarge, (await client.ProduceAsync("orders", Batches.Of(new string('x', 500)))).ErrorCode);
        await scenario.RestartAsync();
        await using TestClient later = await scenario.ConnectAsync();
        Assert.Equal(ErrorCode.MessageTooLarge, (await later.ProduceAsync("orders", Batches.Of(new string('x', 500)))).ErrorCode);
    }

    [Fact]
    public async Task A_change_of_the_clusters_default_takes_effect_on_every_topic()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders");
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.None, await ChangeAsync(client, Broker, "", "message.max.bytes", "100"));

        Assert.Equal(ErrorCode.MessageTooLarge, (await client.ProduceAsync("orders", Batches.Of(new string('x', 500)))).ErrorCode);
    }

    [Fact]
    public async Task A_wrong_value_is_refused_with_key_and_range()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders");
        await using TestClient client = await scenario.ConnectAsync();

        IncrementalAlterConfigsResponse response = await client.AskAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(
            Change(Topic, "orders", "retention.ms", "-5"), 1);

        IncrementalAlterConfigsResponse.AlterConfigsResourceResponse result = Assert.Single(response.Responses);
        Assert.Equal(ErrorCode.InvalidConfig, result.ErrorCode);
        Assert.Contains("-5", result.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("retention.ms", result.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("at least -1", result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_clients_replace_all_values()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders", 1, ("retention.ms", "5000"));
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 2; version++)
        {
            AlterConfigsRequest request = new()
            {
                Resources = [new() { ResourceType = Topic, ResourceName = "orders", Configs = [new() { Name = "segment.bytes", Value = $"200000{version}" }] }],
            };
            AlterConfigsResponse response = await client.AskAsync<AlterConfigsRequest, AlterConfigsResponse>(request, version);
            Assert.Equal(ErrorCode.None, Assert.Single(response.Responses).ErrorCode);
            Assert.Equal(
                [("segment.bytes", $"200000{version}")],
                scenario.Broker.Storage.Metadata.Current.Configs.ForTopic("orders").Select(config => (config.Key, config.Value)));
        }
    }

    [Fact]
    public async Task Resources_with_values_are_listed_by_type()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders");
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Empty((await ListAsync(0)).ConfigResources);
        Assert.Equal([("orders", 2), ("1", 4), ("1", 8)], (await ListAsync(1)).ConfigResources.Select(one => (one.ResourceName, (int)one.ResourceType)));
        Assert.Equal(["orders"], (await ListAsync(1, Topic)).ConfigResources.Select(one => one.ResourceName));
        Assert.Equal(ErrorCode.UnsupportedVersion, (await ListAsync(1, 77)).ErrorCode);

        Task<ListConfigResourcesResponse> ListAsync(short version, params sbyte[] types) =>
            client.AskAsync<ListConfigResourcesRequest, ListConfigResourcesResponse>(new ListConfigResourcesRequest { ResourceTypes = [.. types] }, version);
    }

    private static async Task<ErrorCode> ChangeAsync(TestClient client, sbyte type, string name, string key, string value, short version = 1)
    {
        IncrementalAlterConfigsResponse response =
            await client.AskAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(Change(type, name, key, value), version);
        return Assert.Single(response.Responses).ErrorCode;
    }

    private static IncrementalAlterConfigsRequest Change(sbyte type, string name, string key, string value) => new()
    {
        Resources = [new() { ResourceType = type, ResourceName = name, Configs = [new() { Name = key, Value = value }] }],
    };

    private static async Task<DescribeConfigsResponse.DescribeConfigsResult> DescribeAsync(TestClient client, short version, sbyte type, string name)
    {
        DescribeConfigsRequest request = new()
        {
            Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = null }],
            IncludeSynonyms = version >= 1,
            IncludeDocumentation = version >= 3,
        };
        DescribeConfigsResponse response = await client.AskAsync<DescribeConfigsRequest, DescribeConfigsResponse>(request, version);
        return Assert.Single(response.Results);
    }

    private static Description Find(DescribeConfigsResponse.DescribeConfigsResult result, string key) =>
        Assert.Single(result.Configs, config => config.Name == key);
}
