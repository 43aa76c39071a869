using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Controller;

public sealed class TopicDeletionTests
{
    [Fact]
    public void A_topic_is_deleted_by_name_or_by_id()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);
        Guid first = scenario.CreateTopic("first", 1, 1).TopicId;
        Guid second = scenario.CreateTopic("second", 1, 1).TopicId;

        DeleteTopicsResponse response = Delete(scenario, Named("first"), new DeleteTopicsRequest.DeleteTopicState { TopicId = second });

        Assert.All(response.Responses, one => Assert.Equal(ErrorCode.None, one.ErrorCode));
        Assert.Equal([("first", first), ("second", second)], response.Responses.Select(one => (one.Name, one.TopicId)));
        Assert.Empty(scenario.Image.Topics.ByName);
        Assert.Empty(scenario.Image.Topics.ById);
        Assert.Equal(["first", "second"], scenario.LastDelta!.Topics.Deleted.Select(topic => topic.Name)); // Set by the command before.
    }

    [Fact]
    public void A_topic_of_the_same_name_is_another_topic()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);
        Guid old = scenario.CreateTopic("orders", 3, 1).TopicId;
        Delete(scenario, "orders");

        Guid created = scenario.CreateTopic("orders", 1, 1).TopicId;

        Assert.NotEqual(old, created);
        Assert.Single(scenario.FindTopic("orders").Partitions);
        Assert.False(scenario.Image.Topics.TryFind(new TopicId(old), out _));
    }

    [Fact]
    public void What_does_not_exist_is_not_deleted()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);

        DeleteTopicsResponse response = Delete(
            scenario,
            Named("missing"),
            new DeleteTopicsRequest.DeleteTopicState { TopicId = new Guid(9, 9, 9, new byte[8]) },
            new DeleteTopicsRequest.DeleteTopicState());

        Assert.Equal(
            [ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicId, ErrorCode.InvalidRequest],
            response.Responses.Select(one => one.ErrorCode));
    }

    [Fact]
    public void A_topic_named_twice_is_not_deleted()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);
        Guid id = scenario.CreateTopic("orders", 1, 1).TopicId;

        DeleteTopicsResponse response = Delete(scenario, Named("orders"), Named("orders"));
        Assert.All(response.Responses, one => Assert.Equal(ErrorCode.InvalidRequest, one.ErrorCode));

        response = Delete(scenario, new DeleteTopicsRequest.DeleteTopicState { Name = "orders", TopicId = id });
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Single(response.Responses).ErrorCode);
        Assert.Single(scenario.Image.Topics.ByName);
    }

    [Fact]
    public void Nothing_is_deleted_where_deletion_is_disabled()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1, ("delete.topic.enable", "false"));
        scenario.CreateTopic("orders", 1, 1);

        DeleteTopicsResponse response = Delete(scenario, Named("orders"));

        Assert.Equal(ErrorCode.TopicDeletionDisabled, Assert.Single(response.Responses).ErrorCode);
        Assert.Single(scenario.Image.Topics.ByName);
    }

    internal static void Delete(ControllerScenario scenario, string name) =>
        Assert.Equal(ErrorCode.None, Assert.Single(Delete(scenario, Named(name)).Responses).ErrorCode);

    private static DeleteTopicsRequest.DeleteTopicState Named(string name) => new() { Name = name };

    private static DeleteTopicsResponse Delete(ControllerScenario scenario, params DeleteTopicsRequest.DeleteTopicState[] topics) =>
        scenario.Do<DeleteTopicsResponse>(token => new ControllerCommand.DeleteTopics(token, new DeleteTopicsRequest { Topics = [.. topics] }));
}
