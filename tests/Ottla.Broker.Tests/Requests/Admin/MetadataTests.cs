using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using ResponseTopic = Ottla.Protocol.Messages.MetadataResponse.MetadataResponseTopic;

namespace Ottla.Broker.Tests.Requests.Admin;

public sealed class MetadataTests
{
    [Fact]
    public async Task Every_version_tells_broker_and_topic()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        Guid id = await scenario.CreateTopicAsync("orders", 2);
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 13; version++)
        {
            MetadataResponse response = await AskAsync(client, version, "orders");

            MetadataResponse.MetadataResponseBroker broker = Assert.Single(response.Brokers);
            Assert.Equal((1, "127.0.0.1", scenario.EndPoint.Port), (broker.NodeId, broker.Host, broker.Port));
            Assert.Equal(version >= 1 ? 1 : -1, response.ControllerId);
            Assert.Equal(version >= 2 ? scenario.Broker.ClusterId : null, response.ClusterId);
            ResponseTopic topic = Assert.Single(response.Topics);
            Assert.Equal((ErrorCode.None, "orders", version >= 10 ? id : Guid.Empty), (topic.ErrorCode, topic.Name, topic.TopicId));
            Assert.Equal([0, 1], topic.Partitions.Select(partition => partition.PartitionIndex));
            Assert.All(topic.Partitions, partition =>
            {
                Assert.Equal((ErrorCode.None, 1, version >= 7 ? 0 : -1), (partition.ErrorCode, partition.LeaderId, partition.LeaderEpoch));
                Assert.Equal([1], partition.ReplicaNodes);
                Assert.Equal([1], partition.IsrNodes);
                Assert.Empty(partition.OfflineReplicas);
            });
        }
    }

    [Fact]
    public async Task An_empty_list_means_all_topics_in_version_0_and_none_later()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("b");
        await scenario.CreateTopicAsync("a");
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(["a", "b"], (await AskAsync(client, 0)).Topics.Select(topic => topic.Name));
        Assert.Empty((await AskAsync(client, 1)).Topics);
        Assert.Empty((await AskAsync(client, 12)).Topics);
        for (short version = 1; version <= 13; version++)
        {
            MetadataResponse all = await client.AskAsync<MetadataRequest, MetadataResponse>(new MetadataRequest { Topics = null }, version);
            Assert.Equal(["a", "b"], all.Topics.Select(topic => topic.Name));
        }
    }

    [Fact]
    public async Task Topics_are_found_by_id_from_version_12_on()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        Guid id = await scenario.CreateTopicAsync("orders");
        await using TestClient client = await scenario.ConnectAsync();
        MetadataRequest request = new()
        {
            Topics = [new() { TopicId = id, Name = null }, new() { TopicId = new Guid(1, 2, 3, new byte[8]), Name = null }],
        };

        MetadataResponse response = await client.AskAsync<MetadataRequest, MetadataResponse>(request, 12);

        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicId], response.Topics.Select(topic => topic.ErrorCode));
        Assert.Equal(["orders", null], response.Topics.Select(topic => (string?)topic.Name));
    }

    [Fact]
    public async Task An_unknown_topic_is_created_by_asking_and_found_soon_after()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync(("num.partitions", "3"));
        await using TestClient client = await scenario.ConnectAsync();

        ResponseTopic first = Assert.Single((await AskAsync(client, 9, "wanted")).Topics);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, first.ErrorCode);

        ResponseTopic found = first;
        while (found.ErrorCode != ErrorCode.None)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            found = Assert.Single((await AskAsync(client, 9, "wanted")).Topics);
            Assert.True(found.ErrorCode is ErrorCode.None or ErrorCode.UnknownTopicOrPartition);
        }

        Assert.Equal(3, found.Partitions.Count);
    }

    [Fact]
    public async Task Nothing_is_created_where_client_or_broker_forbid_it()
    {
        await using BrokerScenario open = await BrokerScenario.StartAsync();
        await using TestClient asking = await open.ConnectAsync();
        MetadataRequest forbidding = new() { AllowAutoTopicCreation = false, Topics = [new() { Name = "unwanted" }] };
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await asking.AskAsync<MetadataRequest, MetadataResponse>(forbidding, 9)).Topics[0].ErrorCode);
        await open.CreateTopicAsync("later");
        Assert.False(open.Broker.Storage.Metadata.Current.Topics.ByName.ContainsKey("unwanted"));

        await using BrokerScenario closed = await BrokerScenario.StartAsync(("auto.create.topics.enable", "false"));
        await using TestClient client = await closed.ConnectAsync();
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await AskAsync(client, 9, "unwanted")).Topics[0].ErrorCode);
        await closed.CreateTopicAsync("later");
        Assert.False(closed.Broker.Storage.Metadata.Current.Topics.ByName.ContainsKey("unwanted"));
    }

    [Fact]
    public async Task A_name_that_no_topic_can_have_is_refused()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.InvalidTopicException, (await AskAsync(client, 9, "no good")).Topics[0].ErrorCode);
    }

    [Fact]
    public async Task Authorised_operations_are_told_to_those_who_ask()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders");
        await using TestClient client = await scenario.ConnectAsync();
        MetadataRequest request = new()
        {
            Topics = [new() { Name = "orders" }],
            IncludeClusterAuthorizedOperations = true,
            IncludeTopicAuthorizedOperations = true,
        };

        MetadataResponse response = await client.AskAsync<MetadataRequest, MetadataResponse>(request, 9);

        // Kafka without an authorizer says the same: every operation that such a resource knows.
        Assert.Equal(0b1_1111_1010_0000, response.ClusterAuthorizedOperations);
        Assert.Equal(0b1101_1111_1000, response.Topics[0].TopicAuthorizedOperations);
        Assert.Equal(int.MinValue, (await AskAsync(client, 9, "orders")).Topics[0].TopicAuthorizedOperations);
    }

    [Fact]
    public async Task Each_listener_tells_its_own_advertised_address()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync(
            ("listeners", "INSIDE://127.0.0.1:0,OUTSIDE://127.0.0.1:0"),
            ("advertised.listeners", "INSIDE://inside.example:1000,OUTSIDE://outside.example:2000"),
            ("listener.security.protocol.map", "INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT"),
            ("inter.broker.listener.name", "INSIDE"));
        await using TestClient inside = await TestClient.ConnectAsync(scenario.Broker.Endpoints[0].EndPoint);
        await using TestClient outside = await TestClient.ConnectAsync(scenario.Broker.Endpoints[1].EndPoint);

        Assert.Equal(("inside.example", 1000), Address(await AskAsync(inside, 9)));
        Assert.Equal(("outside.example", 2000), Address(await AskAsync(outside, 9)));

        static (string, int) Address(MetadataResponse response) => (response.Brokers[0].Host, response.Brokers[0].Port);
    }

    private static Task<MetadataResponse> AskAsync(TestClient client, short version, params string[] topics) =>
        client.AskAsync<MetadataRequest, MetadataResponse>(
            new MetadataRequest { Topics = [.. topics.Select(name => new MetadataRequest.MetadataRequestTopic { Name = name })] }, version);
}
