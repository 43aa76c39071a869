using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Tests.Controller;

public sealed class LeaderElectionTests
{
    private readonly ControllerScenario _scenario = ControllerScenario.WithBrokers(2);

    public LeaderElectionTests() => _scenario.CreateTopic("orders", 2, 2);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_partition_that_is_led_well_needs_no_election(sbyte type)
    {
        ElectLeadersResponse.PartitionResult result = Elect(type, "orders", 0);

        Assert.Equal(ErrorCode.ElectionNotNeeded, result.ErrorCode);
        Assert.Equal(0, _scenario.LastAppended);
    }

    [Fact]
    public void The_preferred_leader_leads_again_under_a_new_epoch()
    {
        PartitionImage before = Change(record => record.Leader = Other().Value);
        Assert.Equal(1, before.LeaderEpoch.Value);

        Assert.Equal(ErrorCode.None, Elect(0, "orders", 0).ErrorCode);

        PartitionImage after = Partition();
        Assert.Equal((after.PreferredLeader, 2), (after.Leader, after.LeaderEpoch.Value));
    }

    [Fact]
    public void A_preferred_leader_that_is_not_in_sync_is_not_elected()
    {
        BrokerId other = Other();
        Change(record =>
        {
            record.Leader = other.Value;
            record.Isr = [other.Value];
        });

        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, Elect(0, "orders", 0).ErrorCode);
        Assert.Equal(other, Partition().Leader);
    }

    [Fact]
    public void An_unclean_election_takes_a_replica_that_lives_and_says_so()
    {
        BrokerId other = Other();
        Change(record =>
        {
            record.Leader = -1;
            record.Isr = [9];
        });

        Assert.Equal(ErrorCode.None, Elect(1, "orders", 0).ErrorCode);

        PartitionImage partition = Partition();
        Assert.NotEqual(BrokerId.None, partition.Leader);
        Assert.Equal([partition.Leader], partition.Isr);
        Assert.Equal(1, partition.LeaderRecoveryState);
        Assert.Contains(other, partition.Replicas);
    }

    [Fact]
    public void Electing_all_names_only_partitions_that_needed_it()
    {
        Change(record => record.Leader = Other().Value);

        ElectLeadersResponse response = _scenario.Do<ElectLeadersResponse>(token =>
            new ControllerCommand.ElectLeaders(token, new ElectLeadersRequest { TopicPartitions = null }));

        ElectLeadersResponse.ReplicaElectionResult topic = Assert.Single(response.ReplicaElectionResults);
        Assert.Equal((0, ErrorCode.None), (Assert.Single(topic.PartitionResult).PartitionId, topic.PartitionResult[0].ErrorCode));
    }

    [Fact]
    public void What_does_not_exist_is_not_led()
    {
        Assert.Equal("No such topic as missing", Elect(0, "missing", 0).ErrorMessage);
        ElectLeadersResponse.PartitionResult result = Elect(0, "orders", 9);
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, "No such partition as orders-9"), (result.ErrorCode, result.ErrorMessage));
    }

    [Fact]
    public void An_unknown_kind_of_election_is_refused()
    {
        ElectLeadersResponse response = _scenario.Do<ElectLeadersResponse>(token =>
            new ControllerCommand.ElectLeaders(token, new ElectLeadersRequest { ElectionType = 7, TopicPartitions = null }));

        Assert.Equal(ErrorCode.InvalidRequest, response.ErrorCode);
    }

    private PartitionImage Partition() => _scenario.FindTopic("orders").Partitions[0];

    private BrokerId Other() => Partition().Replicas[1];

    private PartitionImage Change(Action<PartitionChangeRecord> change)
    {
        PartitionChangeRecord record = new() { TopicId = _scenario.FindTopic("orders").Id.Value, PartitionId = 0 };
        change(record);
        _scenario.Machine.ApplyRecord(MetadataRecord.Of(record, MetadataVersions.Latest));
        return _scenario.Machine.TakeImage(0, 1).Image.Topics.ByName["orders"].Partitions[0];
    }

    private ElectLeadersResponse.PartitionResult Elect(sbyte type, string topic, int partition)
    {
        ElectLeadersResponse response = _scenario.Do<ElectLeadersResponse>(token => new ControllerCommand.ElectLeaders(token, new ElectLeadersRequest
        {
            ElectionType = type,
            TopicPartitions = [new ElectLeadersRequest.TopicPartitionsData { Topic = topic, Partitions = [partition] }],
        }));
        return Assert.Single(Assert.Single(response.ReplicaElectionResults).PartitionResult);
    }
}
