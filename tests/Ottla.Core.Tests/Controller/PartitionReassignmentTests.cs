using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Controller;

public sealed class PartitionReassignmentTests
{
    private readonly ControllerScenario _scenario = ControllerScenario.WithBrokers(2);

    [Fact]
    public void The_assignment_that_stands_is_accepted_and_changes_nothing()
    {
        _scenario.CreateTopic("orders", 1, 1);
        int broker = Partition().Replicas[0].Value;

        Assert.Equal(ErrorCode.None, Reassign([broker]).ErrorCode);
        Assert.Equal(0, _scenario.LastAppended);
    }

    [Fact]
    public void Another_order_of_the_same_replicas_holds_at_once()
    {
        _scenario.CreateTopic("orders", 1, 2);
        int[] reversed = [.. Partition().Replicas.Reverse().Select(id => id.Value)];
        BrokerId leader = Partition().Leader;

        Assert.Equal(ErrorCode.None, Reassign(reversed).ErrorCode);

        Assert.Equal(reversed, Partition().Replicas.Select(id => id.Value));
        Assert.Equal(leader, Partition().Leader);
        Assert.False(Partition().IsReassigning);
    }

    [Fact]
    public void A_replica_that_is_dropped_leaves_at_once_and_no_longer_leads()
    {
        _scenario.CreateTopic("orders", 1, 2);
        BrokerId kept = Partition().Replicas[1];

        Assert.Equal(ErrorCode.None, Reassign([kept.Value]).ErrorCode);

        PartitionImage partition = Partition();
        Assert.Equal([kept], partition.Replicas);
        Assert.Equal([kept], partition.Isr);
        Assert.Equal(kept, partition.Leader);
    }

    [Fact]
    public void A_new_replica_is_added_beside_the_old_one_and_can_be_cancelled()
    {
        _scenario.CreateTopic("orders", 1, 1);
        BrokerId old = Partition().Replicas[0];
        BrokerId added = new(3 - old.Value);

        Assert.Equal(ErrorCode.None, Reassign([added.Value]).ErrorCode);

        Assert.Equal([added], Partition().AddingReplicas);
        Assert.Equal([old], Partition().RemovingReplicas);
        ListPartitionReassignmentsResponse.OngoingPartitionReassignment running =
            Assert.Single(Assert.Single(PartitionReassignment.List(_scenario.Image, new ListPartitionReassignmentsRequest()).Topics).Partitions);
        Assert.Equal([added.Value], running.AddingReplicas);

        Assert.Equal(ErrorCode.None, Reassign(null).ErrorCode);
        Assert.Equal([old], Partition().Replicas);
        Assert.Empty(PartitionReassignment.List(_scenario.Image, new ListPartitionReassignmentsRequest()).Topics);
    }

    [Fact]
    public void Where_nothing_runs_nothing_is_cancelled()
    {
        _scenario.CreateTopic("orders", 1, 1);

        Assert.Equal(ErrorCode.NoReassignmentInProgress, Reassign(null).ErrorCode);
    }

    [Fact]
    public void A_wrong_assignment_is_refused()
    {
        _scenario.CreateTopic("orders", 1, 1);

        Assert.Equal("The manual partition assignment includes broker 5, but no such broker is registered.", Reassign([5]).ErrorMessage);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign([]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign([1, 1]).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Reassign([1], topic: "missing").ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Reassign([1], partition: 4).ErrorCode);
    }

    [Fact]
    public void The_replication_factor_may_be_held()
    {
        _scenario.CreateTopic("orders", 1, 1);

        Assert.Equal(ErrorCode.InvalidReplicationFactor, Reassign([1, 2], allowFactorChange: false).ErrorCode);
    }

    private PartitionImage Partition() => _scenario.FindTopic("orders").Partitions[0];

    private AlterPartitionReassignmentsResponse.ReassignablePartitionResponse Reassign(
        int[]? replicas,
        string topic = "orders",
        int partition = 0,
        bool allowFactorChange = true)
    {
        AlterPartitionReassignmentsRequest request = new()
        {
            AllowReplicationFactorChange = allowFactorChange,
            Topics =
            [
                new AlterPartitionReassignmentsRequest.ReassignableTopic
                {
                    Name = topic,
                    Partitions =
                    [
                        new AlterPartitionReassignmentsRequest.ReassignablePartition
                        {
                            PartitionIndex = partition,
                            Replicas = replicas is null ? null : [.. replicas],
                        },
                    ],
                },
            ],
        };
        AlterPartitionReassignmentsResponse response =
            _scenario.Do<AlterPartitionReassignmentsResponse>(token => new ControllerCommand.AlterPartitionReassignments(token, request));
        return Assert.Single(Assert.Single(response.Responses).Partitions);
    }
}
