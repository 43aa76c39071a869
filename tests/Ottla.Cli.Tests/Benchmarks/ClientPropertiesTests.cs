using Ottla.Cli.Benchmarks;
using Ottla.Cli.CommandLine;
using Ottla.Client;
using Ottla.Client.Consuming;
using Ottla.Client.Producing;

namespace Ottla.Cli.Tests.Benchmarks;

public sealed class ClientPropertiesTests
{
    [Fact]
    public void Settings_of_every_client_reach_it_from_a_producers_and_a_consumers_file()
    {
        Dictionary<string, string> settings = new()
        {
            ["bootstrap.servers"] = "127.0.0.1:1",
            ["client.id"] = "perf",
            ["default.api.timeout.ms"] = "1",
            ["metadata.max.age.ms"] = "2",
            ["request.timeout.ms"] = "3",
            ["retry.backoff.max.ms"] = "4",
            ["retry.backoff.ms"] = "5",
            ["security.protocol"] = "PLAINTEXT",
            ["socket.connection.setup.timeout.ms"] = "6",
        };

        OttlaClientOptions options = ClientProperties.Apply(new OttlaClientOptions(), settings);

        Assert.Equal(
            new OttlaClientOptions
            {
                ClientId = "perf",
                CallTimeout = TimeSpan.FromMilliseconds(1),
                MetadataMaximumAge = TimeSpan.FromMilliseconds(2),
                RequestTimeout = TimeSpan.FromMilliseconds(3),
                RetryBackoffMaximum = TimeSpan.FromMilliseconds(4),
                RetryBackoff = TimeSpan.FromMilliseconds(5),
                ConnectTimeout = TimeSpan.FromMilliseconds(6),
            },
            options);
        Assert.Equal(new ProducerOptions(), ClientProperties.Apply(new ProducerOptions(), settings));
        ConsumerOptions consumer = new();
        Assert.Equal(consumer, ClientProperties.Apply(consumer, settings));
    }

    [Fact]
    public void Settings_of_a_consumer_and_a_producer_are_told_apart()
    {
        Dictionary<string, string> settings = new()
        {
            ["max.block.ms"] = "1",
            ["auto.commit.interval.ms"] = "2",
            ["enable.auto.commit"] = "false",
            ["group.instance.id"] = "one",
            ["heartbeat.interval.ms"] = "3",
            ["max.poll.interval.ms"] = "4",
            ["session.timeout.ms"] = "5",
        };

        (Dictionary<string, string> producing, Dictionary<string, string> consuming) = ClientProperties.Part(settings);

        Assert.Equal(TimeSpan.FromMilliseconds(1), ClientProperties.Apply(new ProducerOptions(), producing).MaximumBlock);
        ConsumerOptions defaults = new();
        Assert.Equal(
            defaults with
            {
                AutoCommitInterval = TimeSpan.FromMilliseconds(2),
                EnableAutoCommit = false,
                GroupInstanceId = "one",
                HeartbeatInterval = TimeSpan.FromMilliseconds(3),
                MaximumPollInterval = TimeSpan.FromMilliseconds(4),
                SessionTimeout = TimeSpan.FromMilliseconds(5),
            },
            ClientProperties.Apply(defaults, consuming));
    }

    [Theory]
    [InlineData("security.protocol", "SSL", "security.protocol: \"SSL\" is not allowed; allowed are PLAINTEXT.")]
    [InlineData("client.id", "", "client.id cannot be empty.")]
    [InlineData("request.timeout.ms", "0", "request.timeout.ms: \"0\" is not allowed; allowed are 1 to 2147483647.")]
    public void A_client_that_cannot_be_is_refused(string key, string value, string expected) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => ClientProperties.Apply(new OttlaClientOptions(), new Dictionary<string, string> { [key] = value })).Message);

    [Fact]
    public void A_session_is_longer_than_a_heartbeat() => Assert.Equal(
        "session.timeout.ms is at least heartbeat.interval.ms.",
        Assert.Throws<UsageException>(() => ClientProperties.Apply(new ConsumerOptions(), new Dictionary<string, string> { ["session.timeout.ms"] = "10" })).Message);
}
