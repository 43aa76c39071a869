using Ottla.Core.Configuration;

namespace Ottla.Core.Tests.Configuration;

public sealed class TopicConfigurationTests
{
    [Fact]
    public void Hours_of_the_broker_become_milliseconds_of_the_topic()
    {
        TopicConfiguration topic = Topic(("log.retention.hours", "2"));

        Assert.Equal(7_200_000, topic.Get(TopicKeys.RetentionMs));
        Assert.Equal(ConfigurationSource.StaticBroker, topic.Describe(TopicKeys.RetentionMs).Source);
    }

    [Fact]
    public void Milliseconds_win_over_minutes_and_minutes_over_hours()
    {
        Assert.Equal(5, Topic(("log.retention.hours", "2"), ("log.retention.minutes", "1"), ("log.retention.ms", "5")).Get(TopicKeys.RetentionMs));
        Assert.Equal(60_000, Topic(("log.retention.hours", "2"), ("log.retention.minutes", "1")).Get(TopicKeys.RetentionMs));
    }

    [Fact]
    public void No_limit_stays_no_limit_in_every_unit()
    {
        Assert.Equal(-1, Topic(("log.retention.hours", "-1")).Get(TopicKeys.RetentionMs));
    }

    [Fact]
    public void What_is_set_on_the_topic_wins()
    {
        TopicConfiguration topic = new(Broker(("log.retention.ms", "5")), new Dictionary<string, string> { ["retention.ms"] = "9" });

        ConfigurationEntry entry = topic.Describe(TopicKeys.RetentionMs);

        Assert.Equal("9", entry.Value);
        Assert.Equal(["retention.ms", "log.retention.ms", "log.retention.hours"], entry.Synonyms.Select(synonym => synonym.Name));
    }

    [Fact]
    public void Every_default_of_a_topic_is_that_of_its_broker_key()
    {
        foreach (ConfigurationKey key in TopicKeys.All)
        {
            Assert.NotNull(key.DefaultText);
            Assert.Equal(ConfigurationSource.Default, Topic().Describe(key).Source);
            string? ofBroker = key.Synonyms.Where(synonym => synonym.Factor == 1).Select(synonym => synonym.Key.DefaultText).LastOrDefault(text => text is not null);
            Assert.True(ofBroker is null || ofBroker == key.DefaultText, key.Name);
        }
    }

    [Theory]
    [InlineData("retention.ms", "-2")]
    [InlineData("cleanup.policy", "shred")]
    [InlineData("no.such.key", "1")]
    [InlineData("remote.storage.enable", "true")]
    public void A_wrong_topic_setting_is_told_by_its_key(string name, string value)
    {
        Assert.Contains(name, TopicConfiguration.Check([new(name, value)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_without_effect_are_accepted_on_topics()
    {
        Assert.Null(TopicConfiguration.Check([new("min.compaction.lag.ms", "5"), new("delete.retention.ms", "5")]));
    }

    private static TopicConfiguration Topic(params (string Name, string Value)[] broker) => new(Broker(broker), new Dictionary<string, string>());

    private static BrokerConfiguration Broker(params (string Name, string Value)[] settings)
    {
        BrokerConfiguration? configuration = BrokerConfiguration.Load(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).Configuration;
        Assert.NotNull(configuration);
        return configuration;
    }
}
