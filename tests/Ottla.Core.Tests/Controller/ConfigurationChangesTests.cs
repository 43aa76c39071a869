using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using static Ottla.Core.Tests.Controller.ConfigurationScenario;

namespace Ottla.Core.Tests.Controller;

public sealed class ConfigurationChangesTests
{
    private static readonly ConfigResource Orders = ConfigResource.ForTopic("orders");
    private readonly ControllerScenario _scenario = ControllerScenario.WithBrokers(1);

    public ConfigurationChangesTests() => _scenario.CreateTopic("orders", 1, 1);

    [Fact]
    public void A_value_that_is_set_is_stored_until_it_is_deleted()
    {
        Set(_scenario, Orders, "retention.ms", "1000");
        Assert.Equal("1000", _scenario.Image.Configs.For(Orders)["retention.ms"]);
        Assert.Contains(Orders, _scenario.LastDelta!.ChangedConfigs); // Set by the command before.

        Assert.Equal(ErrorCode.None, Change(_scenario, Orders, ("retention.ms", Delete, null)).ErrorCode);
        Assert.Empty(_scenario.Image.Configs.For(Orders));
    }

    [Fact]
    public void Setting_the_same_value_again_appends_nothing()
    {
        Set(_scenario, Orders, "retention.ms", "1000");
        Set(_scenario, Orders, "retention.ms", "1000");

        Assert.Equal(0, _scenario.LastAppended);
    }

    [Fact]
    public void Appending_to_a_list_begins_with_the_value_in_force()
    {
        Assert.Equal(ErrorCode.None, Change(_scenario, Orders, ("cleanup.policy", Append, "compact")).ErrorCode);
        Assert.Equal("delete,compact", _scenario.Image.Configs.For(Orders)["cleanup.policy"]);

        Assert.Equal(ErrorCode.None, Change(_scenario, Orders, ("cleanup.policy", Append, "compact")).ErrorCode);
        Assert.Equal("delete,compact", _scenario.Image.Configs.For(Orders)["cleanup.policy"]);

        Assert.Equal(ErrorCode.None, Change(_scenario, Orders, ("cleanup.policy", Subtract, "delete")).ErrorCode);
        Assert.Equal("compact", _scenario.Image.Configs.For(Orders)["cleanup.policy"]);
    }

    [Theory]
    [InlineData(Append, "APPEND")]
    [InlineData(Subtract, "SUBTRACT")]
    public void Only_lists_are_appended_to(sbyte operation, string name)
    {
        IncrementalAlterConfigsResponse.AlterConfigsResourceResponse response = Change(_scenario, Orders, ("retention.ms", operation, "1"));

        Assert.Equal(ErrorCode.InvalidConfig, response.ErrorCode);
        Assert.Equal($"Can't {name} to key retention.ms because its type is not LIST.", response.ErrorMessage);
    }

    [Fact]
    public void One_wrong_value_leaves_the_whole_resource_as_it_was()
    {
        IncrementalAlterConfigsResponse.AlterConfigsResourceResponse response =
            Change(_scenario, Orders, ("retention.ms", SetValue, "1000"), ("segment.bytes", SetValue, "-1"));

        Assert.Equal(ErrorCode.InvalidConfig, response.ErrorCode);
        Assert.Contains("segment.bytes", response.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(_scenario.Image.Configs.For(Orders));
    }

    [Fact]
    public void One_wrong_resource_does_not_stop_the_others()
    {
        IncrementalAlterConfigsResponse response = Change(_scenario, new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                Resource(ConfigResource.ForTopic("missing"), ("retention.ms", SetValue, "1")),
                Resource(Orders, ("retention.ms", SetValue, "1000")),
            ],
        });

        Assert.Equal([ErrorCode.UnknownTopicOrPartition, ErrorCode.None], response.Responses.Select(one => one.ErrorCode));
        Assert.Equal("The topic 'missing' does not exist.", response.Responses[0].ErrorMessage);
        Assert.Equal("1000", _scenario.Image.Configs.For(Orders)["retention.ms"]);
    }

    [Fact]
    public void A_resource_or_key_that_is_given_twice_is_refused()
    {
        IncrementalAlterConfigsResponse twice = Change(_scenario, new IncrementalAlterConfigsRequest
        {
            Resources = [Resource(Orders, ("retention.ms", SetValue, "1")), Resource(Orders, ("retention.ms", SetValue, "2"))],
        });
        Assert.All(twice.Responses, response => Assert.Equal(ErrorCode.InvalidRequest, response.ErrorCode));

        Assert.Equal(
            (ErrorCode.InvalidRequest, "Error due to duplicate config keys"),
            Outcome(Change(_scenario, Orders, ("retention.ms", SetValue, "1"), ("retention.ms", Delete, null))));
        Assert.Empty(_scenario.Image.Configs.For(Orders));
    }

    [Fact]
    public void A_null_value_only_goes_with_delete()
    {
        Assert.Equal(
            (ErrorCode.InvalidRequest, "Null value not supported for : retention.ms"),
            Outcome(Change(_scenario, Orders, ("retention.ms", SetValue, null))));
    }

    [Fact]
    public void Broker_values_are_kept_apart_for_one_broker_and_for_all()
    {
        ConfigResource one = ConfigResource.ForBroker(new BrokerId(1));
        Set(_scenario, one, "log.retention.ms", "1000");
        Set(_scenario, ConfigResource.ClusterDefault, "log.retention.ms", "2000");

        Assert.Equal("1000", _scenario.Image.Configs.For(one)["log.retention.ms"]);
        Assert.Equal("2000", _scenario.Image.Configs.For(ConfigResource.ClusterDefault)["log.retention.ms"]);
    }

    [Fact]
    public void A_broker_key_that_needs_a_restart_is_refused()
    {
        Assert.Equal(
            (ErrorCode.InvalidRequest, "Cannot update these configs dynamically: [node.id]"),
            Outcome(Change(_scenario, ConfigResource.ForBroker(new BrokerId(1)), ("node.id", SetValue, "5"))));
    }

    [Theory]
    [InlineData("7", ErrorCode.BrokerIdNotRegistered)]
    [InlineData("one", ErrorCode.InvalidRequest)]
    [InlineData("-1", ErrorCode.InvalidRequest)]
    public void A_broker_that_is_not_there_has_no_values(string name, ErrorCode error) =>
        Assert.Equal(error, Change(_scenario, new ConfigResource(ConfigResourceType.Broker, name), ("log.retention.ms", SetValue, "1")).ErrorCode);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    public void Other_resources_take_no_values(sbyte type) =>
        Assert.Equal(ErrorCode.InvalidRequest, Change(_scenario, new ConfigResource((ConfigResourceType)type, "x"), ("key", SetValue, "1")).ErrorCode);

    [Fact]
    public void Replacing_removes_what_is_not_named()
    {
        Set(_scenario, Orders, "retention.ms", "1000");
        Set(_scenario, Orders, "segment.bytes", "2000000");

        Assert.Equal(ErrorCode.None, Replace(_scenario, Orders, ("segment.bytes", "3000000")).ErrorCode);

        Assert.Equal(["segment.bytes"], _scenario.Image.Configs.For(Orders).Keys);
        Assert.Equal("3000000", _scenario.Image.Configs.For(Orders)["segment.bytes"]);
    }

    [Fact]
    public void Values_go_with_their_topic()
    {
        Set(_scenario, Orders, "retention.ms", "1000");
        TopicDeletionTests.Delete(_scenario, "orders");
        _scenario.CreateTopic("orders", 1, 1);

        Assert.Empty(_scenario.Image.Configs.For(Orders));
    }

    private static (ErrorCode Error, string? Message) Outcome(IncrementalAlterConfigsResponse.AlterConfigsResourceResponse response) =>
        (response.ErrorCode, response.ErrorMessage);
}
