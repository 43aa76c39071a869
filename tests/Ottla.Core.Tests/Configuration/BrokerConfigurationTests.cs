using Ottla.Core.Configuration;

namespace Ottla.Core.Tests.Configuration;

public sealed class BrokerConfigurationTests
{
    [Fact]
    public void A_key_that_is_not_set_has_its_default()
    {
        Assert.Equal(1, BrokerConfiguration.Default.Get(TopicDefaultKeys.NumPartitions));
        Assert.Equal(ConfigurationSource.Default, BrokerConfiguration.Default.Describe(TopicDefaultKeys.NumPartitions).Source);
    }

    [Fact]
    public void The_later_of_two_settings_wins()
    {
        BrokerConfiguration configuration = Load(("num.partitions", "3"), ("num.partitions", "5"));

        Assert.Equal(5, configuration.Get(TopicDefaultKeys.NumPartitions));
    }

    [Theory]
    [InlineData("num.partitions", "0")]
    [InlineData("num.partitions", "1e3")]
    [InlineData("num.partitions", "many")]
    [InlineData("log.segment.bytes", "1048575")]
    [InlineData("auto.create.topics.enable", "yes")]
    [InlineData("compression.type", "brotli")]
    [InlineData("log.cleanup.policy", "delete,shred")]
    [InlineData("compression.gzip.level", "0")]
    [InlineData("listeners", "PLAINTEXT://localhost")]
    [InlineData("listeners", "SSL://localhost:9093")]
    [InlineData("listeners", "NOWHERE://localhost:9093")]
    [InlineData("advertised.listeners", "OTHER://localhost:9092")]
    [InlineData("listener.security.protocol.map", "PLAINTEXT:TELNET")]
    [InlineData("authorizer.class.name", "org.example.Guard")]
    public void A_wrong_value_is_an_error_that_names_the_key(string name, string value)
    {
        ConfigurationLoad load = BrokerConfiguration.Load([new(name, value)]);

        Assert.Null(load.Configuration);
        Assert.Contains(load.Errors, error => error.Contains(name, StringComparison.Ordinal) || error.Contains("Listener", StringComparison.Ordinal));
    }

    [Fact]
    public void An_out_of_range_value_is_told_with_its_range()
    {
        string error = Assert.Single(BrokerConfiguration.Load([new("log.segment.bytes", "7")]).Errors);

        Assert.Equal("Invalid value 7 for configuration log.segment.bytes: allowed is a number of at least 1048576.", error);
    }

    [Fact]
    public void An_unknown_key_is_an_error_with_the_nearest_name()
    {
        string error = Assert.Single(BrokerConfiguration.Load([new("log.retention.hour", "7")]).Errors);

        Assert.Equal("Unknown configuration log.retention.hour; did you mean log.retention.hours?", error);
    }

    [Fact]
    public void A_key_of_Apache_Kafka_without_meaning_here_is_one_warning()
    {
        ConfigurationLoad load = BrokerConfiguration.Load([new("num.io.threads", "8"), new("num.io.threads", "9")]);

        Assert.NotNull(load.Configuration);
        Assert.Equal(["num.io.threads has no effect in Ottla."], load.Warnings);
    }

    [Fact]
    public void A_broker_setting_beats_the_cluster_default_which_beats_the_file()
    {
        BrokerConfiguration configuration = Load(("message.max.bytes", "1000"))
            .WithDynamic(Settings(("message.max.bytes", "2000")), Settings(("message.max.bytes", "3000")));

        ConfigurationEntry entry = configuration.Describe(LogKeys.MessageMaxBytes);

        Assert.Equal(3000, configuration.Get(LogKeys.MessageMaxBytes));
        Assert.Equal(
            [ConfigurationSource.DynamicBroker, ConfigurationSource.DynamicDefaultBroker, ConfigurationSource.StaticBroker, ConfigurationSource.Default],
            entry.Synonyms.Select(synonym => synonym.Source));
    }

    [Fact]
    public void A_read_only_key_cannot_be_set_at_run_time()
    {
        Assert.Contains("num.partitions", BrokerKeyCheck.CheckDynamic("num.partitions", "3", perBroker: true), StringComparison.Ordinal);
        Assert.Null(BrokerKeyCheck.CheckDynamic("message.max.bytes", "3", perBroker: false));
    }

    [Theory]
    [InlineData("node.id", "broker.id", 7)]
    [InlineData("broker.id", "num.partitions", 7)]
    [InlineData("num.partitions", "num.partitions", 1)]
    public void The_node_id_is_node_id_or_else_broker_id(string first, string second, int expected)
    {
        Assert.Equal(expected, Load((second, "3"), (first, "7")).NodeId);
    }

    [Fact]
    public void Controller_listeners_are_not_opened()
    {
        BrokerConfiguration configuration = Load(
            ("listeners", "PLAINTEXT://:9092,CONTROLLER://:9093"),
            ("advertised.listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093"),
            ("controller.listener.names", "CONTROLLER"),
            ("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"));

        ListenerDeclaration listener = Assert.Single(configuration.Listeners);

        Assert.Equal(new ListenerDeclaration("PLAINTEXT", "", 9092, "localhost", 9092), listener);
        Assert.True(listener.IsBeyondLoopback);
    }

    [Fact]
    public void The_default_listener_is_on_loopback()
    {
        Assert.False(Assert.Single(BrokerConfiguration.Default.Listeners).IsBeyondLoopback);
    }

    private static BrokerConfiguration Load(params (string Name, string Value)[] settings)
    {
        ConfigurationLoad load = BrokerConfiguration.Load(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        Assert.Empty(load.Errors);
        Assert.NotNull(load.Configuration);
        return load.Configuration;
    }

    private static Dictionary<string, string> Settings(params (string Name, string Value)[] settings) =>
        settings.ToDictionary(setting => setting.Name, setting => setting.Value);
}
