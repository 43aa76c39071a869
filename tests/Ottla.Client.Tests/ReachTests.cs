using System.Text;
using Ottla.Client.Administration;
using Ottla.Client.Consuming;
using Ottla.Client.Metadata;
using Ottla.Client.Offsets;
using Ottla.Client.Producing;
using Ottla.Client.Tests.Support;
using Ottla.Protocol;
using Ottla.Testing;

namespace Ottla.Client.Tests;

/// <summary>Clusters that are not like the one next door: older, or at other addresses.</summary>
public sealed class ReachTests
{
    private const string Topic = "topic", Group = "group";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_but_a_change_of_configuration_works_with_what_Kafka_2_1_serves()
    {
        await using OldClusterProxy cluster = await OldClusterProxy.StartAsync(Cancellation);
        await using OttlaClient client = OttlaClient.Connect(cluster.BootstrapServers);
        await client.Admin.Topics.CreateAsync(new NewTopic { Name = Topic, PartitionCount = 2 }, cancellationToken: Cancellation);
        await client.Admin.Topics.AddPartitionsAsync(Topic, 3, Cancellation);

        await WriteAndReadAsync(client);

        Assert.Equal(3, (await client.Admin.Topics.DescribeAsync(Topic, Cancellation)).Partitions.Count);
        Assert.Equal(Group, Assert.Single(await client.Admin.Groups.ListAsync(Cancellation)).GroupId);
        Assert.Equal("Empty", (await client.Admin.Groups.DescribeAsync(Group, Cancellation)).State);
        CommittedOffset committed = Assert.Single(await client.Admin.Groups.OffsetsAsync(Group, Cancellation), offset => offset.Offset > 0);
        await client.Admin.Groups.AlterOffsetsAsync(Group, [committed with { Offset = 1 }], Cancellation);
        await client.Admin.Groups.DeleteAsync(Group, Cancellation);
        ClusterDescription description = await client.Admin.Cluster.DescribeAsync(Cancellation);
        Assert.NotEmpty(await client.Admin.Cluster.LogDirectoriesAsync(description.Brokers[0].Id, Cancellation));
        Assert.NotEmpty(await client.Admin.Configs.DescribeAsync(ConfigResourceKind.Topic, Topic, cancellationToken: Cancellation));
        await client.Admin.Topics.DeleteRecordsAsync(committed.Partition, 1, Cancellation);
        await client.Admin.Topics.DeleteAsync(Topic, Cancellation);

        Assert.Empty(cluster.Refused);
        Assert.All(
            [ApiKey.Produce, ApiKey.Fetch, ApiKey.JoinGroup, ApiKey.OffsetFetch, ApiKey.ListOffsets, ApiKey.InitProducerId],
            api => Assert.Contains(api, cluster.Served.Keys));
    }

    [Fact]
    public async Task A_change_of_configuration_says_that_the_cluster_is_too_old_for_it()
    {
        await using OldClusterProxy cluster = await OldClusterProxy.StartAsync(Cancellation);
        await using OttlaClient client = OttlaClient.Connect(cluster.BootstrapServers);
        await client.Admin.Topics.CreateAsync(new NewTopic { Name = Topic }, cancellationToken: Cancellation);

        KafkaException failure = await Assert.ThrowsAsync<KafkaException>(async () =>
            await client.Admin.Configs.AlterAsync(ConfigResourceKind.Topic, Topic, [new ConfigChange("retention.ms", ConfigOperation.Set, "1")], cancellationToken: Cancellation));

        Assert.Equal((ErrorCode.UnsupportedVersion, ApiKey.IncrementalAlterConfigs), (failure.Error, failure.Api));
        Assert.Empty(cluster.Refused);
    }

    [Fact]
    public async Task A_broker_on_an_IPv6_address_is_found_written_to_and_read_in_a_group()
    {
        await using TestBroker broker = await TestBroker.StartAsync(
            [new("listeners", "PLAINTEXT://[::1]:0"), new("offsets.topic.num.partitions", "1")], cancellationToken: Cancellation);
        await using OttlaClient client = OttlaClient.Connect(broker.BootstrapServers);
        await client.Admin.Topics.CreateAsync(new NewTopic { Name = Topic }, cancellationToken: Cancellation);

        await WriteAndReadAsync(client);

        BrokerNode node = Assert.Single((await client.Admin.Cluster.DescribeAsync(Cancellation)).Brokers);
        Assert.Equal(("::1", broker.BootstrapServers), (node.Address.Host, node.Address.ToString()));
    }

    private static async Task WriteAndReadAsync(OttlaClient client)
    {
        await using Producer producer = client.CreateProducer();
        await producer.SendAsync(ProducerRecord.OfText(Topic, "k", "one"), Cancellation);
        await producer.SendAsync(ProducerRecord.OfText(Topic, "k", "two"), Cancellation);
        await using Consumer consumer = client.CreateConsumer(new ConsumerOptions { GroupId = Group, AutoOffsetReset = AutoOffsetReset.Earliest, StopAtEnd = true });
        consumer.Subscribe(Topic);
        List<string> values = [];
        await foreach (ConsumedRecord record in consumer.ReadAsync(Cancellation))
        {
            values.Add(Encoding.UTF8.GetString(record.Value!.Value.Span)); // each has one
        }

        Assert.Equal(["one", "two"], values);
    }
}
