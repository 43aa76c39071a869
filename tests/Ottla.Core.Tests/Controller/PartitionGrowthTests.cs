using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Controller;

public sealed class PartitionGrowthTests
{
    private readonly ControllerScenario _scenario = ControllerScenario.WithBrokers(1);

    public PartitionGrowthTests() => _scenario.CreateTopic("orders", 3, 1);

    [Fact]
    public void A_topic_grows_and_keeps_what_it_had()
    {
        TopicImage before = _scenario.FindTopic("orders");

        Assert.Equal(ErrorCode.None, Grow("orders", 5).ErrorCode);

        TopicImage after = _scenario.FindTopic("orders");
        Assert.Equal(5, after.Partitions.Length);
        Assert.Equal(before.Partitions, after.Partitions.Take(3));
        TopicDelta delta = Assert.Single(_scenario.LastDelta!.Topics.Changed); // Set by the command before.
        Assert.False(delta.IsNew);
        Assert.Equal([3, 4], delta.ChangedPartitions.Select(partition => partition.Id.Value));
    }

    [Theory]
    [InlineData(3, "Topic already has 3 partition(s).")]
    [InlineData(2, "The topic orders currently has 3 partition(s); 2 would not be an increase.")]
    [InlineData(-1, "The topic orders currently has 3 partition(s); -1 would not be an increase.")]
    public void A_topic_never_shrinks(int count, string message)
    {
        CreatePartitionsResponse.CreatePartitionsTopicResult result = Grow("orders", count);

        Assert.Equal((ErrorCode.InvalidPartitions, message), (result.ErrorCode, result.ErrorMessage));
        Assert.Equal(3, _scenario.FindTopic("orders").Partitions.Length);
    }

    [Fact]
    public void Growth_beyond_all_measure_is_refused() =>
        Assert.Equal(ErrorCode.PolicyViolation, Grow("orders", int.MaxValue).ErrorCode);

    [Fact]
    public void An_unknown_topic_does_not_grow() =>
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Grow("missing", 5).ErrorCode);

    [Fact]
    public void Assignments_must_be_as_many_as_the_new_partitions()
    {
        CreatePartitionsResponse.CreatePartitionsTopicResult result = Grow("orders", 5, [1]);
        Assert.Equal(
            (ErrorCode.InvalidReplicaAssignment, "Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified."),
            (result.ErrorCode, result.ErrorMessage));

        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Grow("orders", 5, [1], [7]).ErrorCode);
        Assert.Equal(ErrorCode.None, Grow("orders", 5, [1], [1]).ErrorCode);
    }

    [Fact]
    public void Validating_only_adds_nothing()
    {
        CreatePartitionsRequest request = Request("orders", 9);
        request.ValidateOnly = true;

        Assert.Equal(ErrorCode.None, Do(request).ErrorCode);
        Assert.Equal(3, _scenario.FindTopic("orders").Partitions.Length);
    }

    private CreatePartitionsResponse.CreatePartitionsTopicResult Grow(string topic, int count, params int[][] assignments) =>
        Do(Request(topic, count, assignments));

    private CreatePartitionsResponse.CreatePartitionsTopicResult Do(CreatePartitionsRequest request) =>
        Assert.Single(_scenario.Do<CreatePartitionsResponse>(token => new ControllerCommand.CreatePartitions(token, request)).Results);

    private static CreatePartitionsRequest Request(string topic, int count, params int[][] assignments) => new()
    {
        Topics =
        [
            new CreatePartitionsRequest.CreatePartitionsTopic
            {
                Name = topic,
                Count = count,
                Assignments = assignments.Length == 0
                    ? null
                    : [.. assignments.Select(brokers => new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = [.. brokers] })],
            },
        ],
    };
}
