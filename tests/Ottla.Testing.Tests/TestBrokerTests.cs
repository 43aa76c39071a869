using Ottla.Client.Administration;
using Ottla.Client.Metadata;

namespace Ottla.Testing.Tests;

public sealed class TestBrokerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_serves_on_loopback_with_the_settings_given()
    {
        await using TestBroker broker = await TestBroker.StartAsync([new("num.partitions", "4")], cancellationToken: Cancellation);

        await broker.Client.Admin.Topics.CreateAsync(new NewTopic { Name = "here" }, cancellationToken: Cancellation);
        TopicMetadata topic = await broker.Client.Admin.Topics.DescribeAsync("here", Cancellation);

        Assert.StartsWith("127.0.0.1:", broker.BootstrapServers, StringComparison.Ordinal);
        Assert.Equal(4, topic.Partitions.Count);
    }

    [Fact]
    public async Task Two_brokers_know_nothing_of_each_other()
    {
        await using TestBroker first = await TestBroker.StartAsync(cancellationToken: Cancellation);
        await using TestBroker second = await TestBroker.StartAsync(cancellationToken: Cancellation);

        await first.Client.Admin.Topics.CreateAsync(new NewTopic { Name = "mine" }, cancellationToken: Cancellation);

        Assert.DoesNotContain(await second.Client.Admin.Topics.ListAsync(Cancellation), topic => topic.Name == "mine");
    }

    [Fact]
    public async Task A_restarted_broker_has_its_address_and_its_data()
    {
        await using TestBroker broker = await TestBroker.StartAsync(cancellationToken: Cancellation);
        string address = broker.BootstrapServers;
        await broker.Client.Admin.Topics.CreateAsync(new NewTopic { Name = "kept", PartitionCount = 2 }, cancellationToken: Cancellation);

        await broker.RestartAsync(Cancellation);
        TopicMetadata topic = await broker.Client.Admin.Topics.DescribeAsync("kept", Cancellation);

        Assert.Equal(address, broker.BootstrapServers);
        Assert.Equal(2, topic.Partitions.Count);
    }

    [Fact]
    public async Task A_wrong_setting_is_told_by_its_key()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            () => TestBroker.StartAsync([new("num.partitions", "none")], cancellationToken: Cancellation));

        Assert.Contains("num.partitions", error.Message, StringComparison.Ordinal);
    }
}
