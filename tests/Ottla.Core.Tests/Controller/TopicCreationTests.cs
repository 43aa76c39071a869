using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Controller;

public sealed class TopicCreationTests
{
    [Fact]
    public void A_topic_without_wishes_gets_the_brokers_defaults()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1, ("num.partitions", "4"));

        CreateTopicsResponse.CreatableTopicResult result = scenario.CreateTopic("orders");

        Assert.Equal(ErrorCode.None, result.ErrorCode);
        Assert.Equal(4, result.NumPartitions);
        Assert.Equal(1, result.ReplicationFactor);
        TopicImage topic = scenario.FindTopic("orders");
        Assert.Equal(result.TopicId, topic.Id.Value);
        Assert.Equal(4, topic.Partitions.Length);
        Assert.All(topic.Partitions, partition =>
        {
            Assert.Equal(new BrokerId(1), partition.Leader);
            Assert.Equal([new BrokerId(1)], partition.Isr);
            Assert.Equal(new LeaderEpoch(0), partition.LeaderEpoch);
            Assert.Equal([new Guid(1, 1, 1, new byte[8])], partition.Directories);
        });
    }

    [Fact]
    public void A_default_that_was_changed_at_run_time_holds_for_new_topics()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);
        scenario.CreateTopic("before");
        ConfigurationScenario.Set(scenario, ConfigResource.ClusterDefault, "log.retention.ms", "5000");

        CreateTopicsResponse.CreatableTopicResult result = scenario.CreateTopic("after");

        CreateTopicsResponse.CreatableTopicConfigs retention = Assert.Single(result.Configs!, config => config.Name == "retention.ms"); // Configs of a created topic are never null.
        Assert.Equal("5000", retention.Value);
        Assert.Equal(3, retention.ConfigSource);
    }

    [Theory]
    [InlineData("", "Topic name is invalid: the empty string is not allowed")]
    [InlineData(".", "Topic name is invalid: '.' is not allowed")]
    [InlineData("..", "Topic name is invalid: '..' is not allowed")]
    [InlineData("a b", "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")]
    [InlineData("na\u00efve", "Topic name is invalid: 'na\u00efve' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")]
    [InlineData("a/b", "Topic name is invalid: 'a/b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")]
    public void An_illegal_name_is_refused(string name, string message)
    {
        CreateTopicsResponse.CreatableTopicResult result = ControllerScenario.WithBrokers(1).CreateTopic(name, 1, 1);

        Assert.Equal(ErrorCode.InvalidTopicException, result.ErrorCode);
        Assert.Equal(message, result.ErrorMessage);
    }

    [Fact]
    public void A_name_may_have_249_characters_and_no_more()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);

        Assert.Equal(ErrorCode.None, scenario.CreateTopic(new string('a', 249), 1, 1).ErrorCode);
        Assert.Equal(ErrorCode.InvalidTopicException, scenario.CreateTopic(new string('b', 250), 1, 1).ErrorCode);
    }

    [Fact]
    public void A_topic_that_exists_is_not_created_again()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);
        Guid id = scenario.CreateTopic("orders", 1, 1).TopicId;

        CreateTopicsResponse.CreatableTopicResult result = scenario.CreateTopic("orders", 7, 1);

        Assert.Equal(ErrorCode.TopicAlreadyExists, result.ErrorCode);
        Assert.Equal("Topic 'orders' already exists.", result.ErrorMessage);
        Assert.Equal(id, scenario.FindTopic("orders").Id.Value);
        Assert.Equal(0, scenario.LastAppended);
    }

    [Theory]
    [InlineData("a.b", "a_b")]
    [InlineData("a_b", "a.b")]
    [InlineData("x.y_z", "x_y.z")]
    public void Names_that_differ_only_in_dots_and_underscores_collide(string first, string second)
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);
        scenario.CreateTopic(first, 1, 1);

        CreateTopicsResponse.CreatableTopicResult result = scenario.CreateTopic(second, 1, 1);

        Assert.Equal(ErrorCode.InvalidTopicException, result.ErrorCode);
        Assert.Equal($"Topic '{second}' collides with existing topic: {first}", result.ErrorMessage);
    }

    [Fact]
    public void Topics_of_one_request_can_collide_too()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);

        CreateTopicsResponse response = scenario.Create(new CreateTopicsRequest
        {
            Topics = [ControllerScenario.Topic("a.b", 1, 1), ControllerScenario.Topic("a_b", 1, 1), ControllerScenario.Topic("c", 1, 1)],
        });

        Assert.Equal([ErrorCode.None, ErrorCode.InvalidTopicException, ErrorCode.None], response.Topics.Select(topic => topic.ErrorCode));
    }

    [Fact]
    public void A_name_that_is_given_twice_is_refused_once_and_the_rest_created()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);

        CreateTopicsResponse response = scenario.Create(new CreateTopicsRequest
        {
            Topics = [ControllerScenario.Topic("twice", 1, 1), ControllerScenario.Topic("once", 1, 1), ControllerScenario.Topic("twice", 2, 1)],
        });

        Assert.Equal(["once", "twice"], response.Topics.Select(topic => topic.Name));
        Assert.Equal([ErrorCode.None, ErrorCode.InvalidRequest], response.Topics.Select(topic => topic.ErrorCode));
        Assert.False(scenario.Image.Topics.ByName.ContainsKey("twice"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    public void A_partition_count_that_is_not_positive_is_refused(int count)
    {
        CreateTopicsResponse.CreatableTopicResult result = ControllerScenario.WithBrokers(1).CreateTopic("orders", count, 1);

        Assert.Equal(ErrorCode.InvalidPartitions, result.ErrorCode);
        Assert.Equal("Number of partitions was set to an invalid non-positive value.", result.ErrorMessage);
    }

    [Fact]
    public void A_request_for_billions_of_partitions_is_refused_before_anything_is_made_of_it()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);

        Assert.Equal(ErrorCode.PolicyViolation, scenario.CreateTopic("huge", int.MaxValue, 1).ErrorCode);
        Assert.Equal(ErrorCode.None, scenario.CreateTopic("large", 10_000, 1).ErrorCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void A_replication_factor_that_is_not_positive_is_refused(short factor)
    {
        CreateTopicsResponse.CreatableTopicResult result = ControllerScenario.WithBrokers(1).CreateTopic("orders", 1, factor);

        Assert.Equal(ErrorCode.InvalidReplicationFactor, result.ErrorCode);
        Assert.Equal("Replication factor must be larger than 0, or -1 to use the default value.", result.ErrorMessage);
    }

    [Fact]
    public void More_replicas_than_brokers_are_refused()
    {
        CreateTopicsResponse.CreatableTopicResult result = ControllerScenario.WithBrokers(1).CreateTopic("orders", 1, 3);

        Assert.Equal(ErrorCode.InvalidReplicationFactor, result.ErrorCode);
        Assert.StartsWith(
            "Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered",
            result.ErrorMessage,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_internal_topic_gets_as_many_replicas_as_there_are_brokers()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(2);

        CreateTopicsResponse response = scenario.Create(
            new CreateTopicsRequest { Topics = [ControllerScenario.Topic(TopicNames.ConsumerOffsets, 50, 3)] },
            capReplicationFactor: true);

        Assert.Equal(ErrorCode.None, Assert.Single(response.Topics).ErrorCode);
        Assert.All(scenario.FindTopic(TopicNames.ConsumerOffsets).Partitions, partition => Assert.Equal(2, partition.Replicas.Length));
    }

    [Theory]
    [InlineData("retention.ms", "abc")]
    [InlineData("retention.ms", "-5")]
    [InlineData("cleanup.policy", "shred")]
    [InlineData("no.such.key", "1")]
    public void A_wrong_configuration_is_refused_with_its_key(string key, string value)
    {
        CreateTopicsResponse.CreatableTopicResult result = ControllerScenario.WithBrokers(1).CreateTopic("orders", 1, 1, (key, value));

        Assert.Equal(ErrorCode.InvalidConfig, result.ErrorCode);
        Assert.Contains(key, result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_without_value_is_refused()
    {
        CreateTopicsResponse.CreatableTopicResult result = ControllerScenario.WithBrokers(1).CreateTopic("orders", 1, 1, ("retention.ms", null));

        Assert.Equal(ErrorCode.InvalidConfig, result.ErrorCode);
        Assert.Equal("Null value not supported for topic configs: retention.ms", result.ErrorMessage);
    }

    [Fact]
    public void Values_of_a_topic_are_stored_and_described_with_their_source()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);

        CreateTopicsResponse.CreatableTopicResult result = scenario.CreateTopic("orders", 1, 1, ("segment.bytes", "2000000"));

        Assert.Equal("2000000", scenario.Image.Configs.ForTopic("orders")["segment.bytes"]);
        CreateTopicsResponse.CreatableTopicConfigs segment = Assert.Single(result.Configs!, config => config.Name == "segment.bytes"); // Configs of a created topic are never null.
        Assert.Equal(("2000000", (sbyte)1, false, false), (segment.Value, segment.ConfigSource, segment.ReadOnly, segment.IsSensitive));
    }

    [Fact]
    public void Validating_only_says_what_would_happen_and_changes_nothing()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);

        CreateTopicsResponse response = scenario.Create(new CreateTopicsRequest { ValidateOnly = true, Topics = [ControllerScenario.Topic("orders", 3, 1)] });

        Assert.Equal((ErrorCode.None, 3), (response.Topics[0].ErrorCode, response.Topics[0].NumPartitions));
        Assert.Equal(0, scenario.LastAppended);
        Assert.Empty(scenario.Image.Topics.ByName);
    }

    [Fact]
    public void A_manual_assignment_decides_replicas_and_their_order()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(3);

        CreateTopicsResponse response = scenario.Create(Assigned((1, [3, 1]), (0, [2, 3])));

        Assert.Equal(ErrorCode.None, response.Topics[0].ErrorCode);
        TopicImage topic = scenario.FindTopic("orders");
        Assert.Equal([new BrokerId(2), new BrokerId(3)], topic.Partitions[0].Replicas);
        Assert.Equal(new BrokerId(3), topic.Partitions[1].Leader);
    }

    [Fact]
    public void A_wrong_manual_assignment_is_refused_with_the_reason()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(2);

        AssertMisassigned("The manual partition assignment includes an empty replica list.", (0, []));
        AssertMisassigned("The manual partition assignment includes broker 5, but no such broker is registered.", (0, [5]));
        AssertMisassigned("The manual partition assignment includes the broker 1 more than once.", (0, [1, 1]));
        AssertMisassigned("Found multiple manual partition assignments for partition 0", (0, [1]), (0, [2]));
        AssertMisassigned("partitions should be a consecutive 0-based integer sequence", (0, [1]), (2, [2]));
        AssertMisassigned("partitions should be a consecutive 0-based integer sequence", (-1, [1]), (0, [2]));
        AssertMisassigned(
            "The manual partition assignment includes a partition with 2 replica(s), but this is not consistent with previous partitions, which have 1 replica(s).",
            (0, [1]),
            (1, [1, 2]));

        void AssertMisassigned(string message, params (int Partition, int[] Brokers)[] assignments)
        {
            CreateTopicsResponse.CreatableTopicResult result = Assert.Single(scenario.Create(Assigned(assignments)).Topics);
            Assert.Equal(ErrorCode.InvalidReplicaAssignment, result.ErrorCode);
            Assert.Equal(message, result.ErrorMessage);
            Assert.Equal(0, scenario.LastAppended);
        }
    }

    [Fact]
    public void A_manual_assignment_goes_with_neither_count_nor_factor()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(1);
        CreateTopicsRequest counted = Assigned((0, [1]));
        counted.Topics[0].NumPartitions = 1;
        CreateTopicsRequest replicated = Assigned((0, [1]));
        replicated.Topics[0].ReplicationFactor = 1;

        Assert.Equal(ErrorCode.InvalidRequest, scenario.Create(counted).Topics[0].ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, scenario.Create(replicated).Topics[0].ErrorCode);
    }

    [Fact]
    public void Replicas_spread_over_brokers_and_racks()
    {
        ControllerScenario scenario = ControllerScenario.WithBrokers(0);
        scenario.RegisterBroker(1, rack: "a");
        scenario.RegisterBroker(2, rack: "a");
        scenario.RegisterBroker(3, rack: "b");
        scenario.RegisterBroker(4, rack: "b");

        scenario.CreateTopic("orders", 8, 2);

        TopicImage topic = scenario.FindTopic("orders");
        Assert.All(topic.Partitions, partition =>
            Assert.Equal(2, partition.Replicas.Select(id => scenario.Image.Brokers[id].Rack).Distinct().Count()));
        Assert.All(topic.Partitions.GroupBy(partition => partition.Leader), leaders => Assert.Equal(2, leaders.Count()));
    }

    [Fact]
    public void The_metadata_log_is_no_topic()
    {
        CreateTopicsResponse.CreatableTopicResult result = ControllerScenario.WithBrokers(1).CreateTopic("__cluster_metadata", 1, 1);

        Assert.Equal(ErrorCode.InvalidRequest, result.ErrorCode);
    }

    private static CreateTopicsRequest Assigned(params (int Partition, int[] Brokers)[] assignments) => new()
    {
        Topics =
        [
            new CreateTopicsRequest.CreatableTopic
            {
                Name = "orders",
                NumPartitions = -1,
                ReplicationFactor = -1,
                Assignments = [.. assignments.Select(assignment => new CreateTopicsRequest.CreatableReplicaAssignment
                {
                    PartitionIndex = assignment.Partition,
                    BrokerIds = [.. assignment.Brokers],
                })],
            },
        ],
    };
}
