using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Tests.Controller;

public sealed class BrokerRegistrationsTests
{
    private readonly ControllerScenario _scenario = ControllerScenario.WithBrokers(1);

    [Fact]
    public void A_broker_stands_as_it_registered()
    {
        BrokerImage broker = _scenario.Image.Brokers[new BrokerId(1)];

        Assert.True(broker.IsActive);
        Assert.Equal(new BrokerEndpoint("PLAINTEXT", "localhost", 9091, 0), broker.FindEndpoint("plaintext"));
        Assert.Null(broker.FindEndpoint("OTHER"));
        Assert.Equal([new SupportedFeature("metadata.version", 7, 30)], broker.Features);
    }

    [Fact]
    public void After_an_unclean_stop_its_partitions_get_a_new_leader_epoch()
    {
        _scenario.CreateTopic("orders", 2, 1);
        long old = _scenario.Image.Brokers[new BrokerId(1)].Epoch;

        BrokerRegistrationResponse response = _scenario.RegisterBroker(1);

        Assert.True(response.BrokerEpoch > old);
        Assert.Equal(response.BrokerEpoch, _scenario.Image.Brokers[new BrokerId(1)].Epoch);
        Assert.All(_scenario.FindTopic("orders").Partitions, partition =>
            Assert.Equal((new BrokerId(1), 1, 1), (partition.Leader, partition.LeaderEpoch.Value, partition.PartitionEpoch)));
    }

    [Fact]
    public void After_a_clean_stop_leader_epochs_stay()
    {
        _scenario.CreateTopic("orders", 2, 1);

        _scenario.RegisterBroker(1, previousEpoch: _scenario.Image.Brokers[new BrokerId(1)].Epoch);

        Assert.All(_scenario.FindTopic("orders").Partitions, partition => Assert.Equal(0, partition.LeaderEpoch.Value));
    }

    [Fact]
    public void A_broker_of_another_cluster_is_refused()
    {
        BrokerRegistrationResponse response = _scenario.Do<BrokerRegistrationResponse>(token => new ControllerCommand.RegisterBroker(
            token,
            new BrokerRegistrationRequest { BrokerId = 1, ClusterId = "BBBBBBBBQACAAAAAAAAAAQ" },
            BrokerEpoch: 99));

        Assert.Equal(ErrorCode.InconsistentClusterId, response.ErrorCode);
        Assert.Equal(0, _scenario.LastAppended);
    }

    [Fact]
    public void A_broker_with_several_log_directories_places_partitions_later()
    {
        _scenario.RegisterBroker(1, directories: [new Guid(1, 2, 3, new byte[8]), new Guid(4, 5, 6, new byte[8])]);

        _scenario.CreateTopic("orders", 1, 1);

        Assert.Equal([DirectoryIds.Unassigned], _scenario.FindTopic("orders").Partitions[0].Directories);
    }

    [Fact]
    public void What_Kafka_left_without_a_leader_at_its_clean_stop_is_led_again()
    {
        _scenario.CreateTopic("orders", 1, 1);
        Change(record =>
        {
            record.Leader = -1;
            record.Isr = [];
            record.EligibleLeaderReplicas = [1];
        });

        _scenario.RegisterBroker(1);

        PartitionImage partition = _scenario.FindTopic("orders").Partitions[0];
        Assert.Equal((new BrokerId(1), 2, (sbyte)0), (partition.Leader, partition.LeaderEpoch.Value, partition.LeaderRecoveryState));
        Assert.Equal([new BrokerId(1)], partition.Isr);
        Assert.Null(partition.EligibleLeaderReplicas);
    }

    [Fact]
    public void The_last_known_leader_leads_where_nobody_else_can_and_says_so()
    {
        _scenario.CreateTopic("orders", 1, 1);
        Change(record =>
        {
            record.Leader = -1;
            record.Isr = [];
            record.LastKnownElr = [1];
        });

        _scenario.RegisterBroker(1);

        PartitionImage partition = _scenario.FindTopic("orders").Partitions[0];
        Assert.Equal((new BrokerId(1), (sbyte)1), (partition.Leader, partition.LeaderRecoveryState));
        Assert.Null(partition.LastKnownElr);
    }

    [Fact]
    public void A_replica_that_may_have_lost_records_does_not_lead()
    {
        _scenario.CreateTopic("orders", 1, 1);
        Change(record =>
        {
            record.Leader = -1;
            record.Isr = [2];
        });

        _scenario.RegisterBroker(1);

        Assert.Equal(BrokerId.None, _scenario.FindTopic("orders").Partitions[0].Leader);
    }

    private void Change(Action<PartitionChangeRecord> change)
    {
        PartitionChangeRecord record = new() { TopicId = _scenario.FindTopic("orders").Id.Value, PartitionId = 0 };
        change(record);
        _scenario.Machine.ApplyRecord(MetadataRecord.Of(record, MetadataVersions.Latest));
        _scenario.Machine.TakeImage(0, 1);
    }
}
