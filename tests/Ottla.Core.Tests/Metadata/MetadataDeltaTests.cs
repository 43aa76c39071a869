using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Tests.Metadata;

public sealed class MetadataDeltaTests
{
    private static readonly Guid Id = new(1, 2, 3, new byte[8]);

    [Fact]
    public void What_does_not_change_is_shared_with_the_next_image()
    {
        MetadataImage first = Build(MetadataImage.Empty("c"), Topic("a", Id), Partition(Id, 0), Topic("b", Other(1)), Partition(Other(1), 0));

        MetadataImage second = Build(first, Partition(Id, 1));

        Assert.Same(first.Topics.ByName["b"], second.Topics.ByName["b"]);
        Assert.Same(first.Topics.ByName["a"].Partitions[0], second.Topics.ByName["a"].Partitions[0]);
        Assert.Same(first.Configs, second.Configs);
        Assert.Single(first.Topics.ByName["a"].Partitions);
        Assert.Equal(2, second.Topics.ByName["a"].Partitions.Length);
    }

    [Fact]
    public void A_change_raises_the_partition_epoch_and_a_new_leader_the_leader_epoch()
    {
        MetadataImage image = Build(MetadataImage.Empty("c"), Topic("a", Id), Partition(Id, 0));

        image = Build(image, Change(Id, 0, isr: [1]));
        Assert.Equal((0, 1), Epochs(image));

        image = Build(image, Change(Id, 0, leader: 1));
        Assert.Equal((1, 2), Epochs(image));

        image = Build(image, Change(Id, 0, leader: -1));
        Assert.Equal((2, 3), Epochs(image));
        Assert.Equal(BrokerId.None, image.Topics.ByName["a"].Partitions[0].Leader);
    }

    [Fact]
    public void New_replicas_keep_the_directories_of_those_that_stay()
    {
        Guid directory = Other(7);
        MetadataImage image = Build(MetadataImage.Empty("c"), Topic("a", Id), Partition(Id, 0, directory));

        image = Build(image, MetadataRecord.Of(
            new PartitionChangeRecord { TopicId = Id, PartitionId = 0, Replicas = [2, 1] },
            MetadataVersions.Latest));

        Assert.Equal([DirectoryIds.Unassigned, directory], image.Topics.ByName["a"].Partitions[0].Directories);
    }

    [Fact]
    public void A_topic_can_be_deleted_and_created_again_in_one_step()
    {
        MetadataImage image = Build(MetadataImage.Empty("c"), Topic("a", Id), Partition(Id, 0), Partition(Id, 1));
        MetadataDelta delta = new(image);
        delta.Apply(MetadataRecord.Of(new RemoveTopicRecord { TopicId = Id }));
        delta.Apply(Topic("a", Other(1)));
        delta.Apply(Partition(Other(1), 0));

        image = delta.ToImage(9, 1);

        Assert.Equal(Id, Assert.Single(delta.Topics.Deleted).Id.Value);
        Assert.True(Assert.Single(delta.Topics.Changed).IsNew);
        Assert.Equal(Other(1), image.Topics.ByName["a"].Id.Value);
        Assert.Single(image.Topics.ByName["a"].Partitions);
        Assert.Single(image.Topics.ById);
    }

    [Fact]
    public void A_topic_that_comes_and_goes_in_one_step_leaves_no_trace()
    {
        MetadataDelta delta = new(MetadataImage.Empty("c"));
        delta.Apply(Topic("a", Id));
        delta.Apply(Partition(Id, 0));
        delta.Apply(MetadataRecord.Of(new RemoveTopicRecord { TopicId = Id }));

        Assert.Empty(delta.ToImage(2, 1).Topics.ByName);
        Assert.Empty(delta.Topics.Deleted);
        Assert.Empty(delta.Topics.Changed);
    }

    [Fact]
    public void Records_that_contradict_the_log_are_refused()
    {
        MetadataImage image = Build(MetadataImage.Empty("c"), Topic("a", Id), Partition(Id, 0));

        AssertRefused(Topic("a", Other(1)));
        AssertRefused(Topic("b", Id));
        AssertRefused(Partition(Other(1), 0));
        AssertRefused(Change(Id, 3, leader: 1));
        AssertRefused(MetadataRecord.Of(new RemoveTopicRecord { TopicId = Other(1) }));
        AssertRefused(MetadataRecord.Of(new BrokerRegistrationChangeRecord { BrokerId = 1, BrokerEpoch = 4 }, MetadataVersions.Latest));
        Assert.Throws<InvalidMetadataException>(() => Build(image, Partition(Id, 2)));

        void AssertRefused(MetadataRecord record) => Assert.Throws<InvalidMetadataException>(() => new MetadataDelta(image).Apply(record));
    }

    [Fact]
    public void Producer_ids_are_never_handed_out_twice()
    {
        MetadataImage image = Build(MetadataImage.Empty("c"), MetadataRecord.Of(new ProducerIdsRecord { NextProducerId = 1000 }));

        Assert.Throws<InvalidMetadataException>(() =>
            new MetadataDelta(image).Apply(MetadataRecord.Of(new ProducerIdsRecord { NextProducerId = 1000 })));
        Assert.Equal(2000, Build(image, MetadataRecord.Of(new ProducerIdsRecord { NextProducerId = 2000 })).NextProducerId);
    }

    [Fact]
    public void A_snapshot_of_an_image_gives_the_same_image()
    {
        MetadataImage image = Build(
            MetadataImage.Empty("c"),
            MetadataRecord.Of(new FeatureLevelRecord { Name = "metadata.version", FeatureLevel = 30 }),
            MetadataRecord.Of(new FeatureLevelRecord { Name = "group.version", FeatureLevel = 1 }),
            Topic("b", Id),
            Partition(Id, 0, Other(5)),
            Topic("a", Other(1)),
            Partition(Other(1), 0, Other(5)),
            MetadataRecord.Of(new ConfigRecord { ResourceType = 4, ResourceName = "", Name = "k", Value = "v" }),
            MetadataRecord.Of(new ConfigRecord { ResourceType = 2, ResourceName = "a", Name = "k2", Value = "" }),
            MetadataRecord.Of(new ProducerIdsRecord { BrokerId = 1, BrokerEpoch = 5, NextProducerId = 3000 }),
            MetadataRecord.Of(new RegisterControllerRecord { ControllerId = 1, IncarnationId = Other(8) }));

        MetadataImage again = Build(MetadataImage.Empty("c"), [.. MetadataImageRecords.ToRecords(image)]);

        Assert.Equal(ImageBytes.Of(image), ImageBytes.Of(again));
        Assert.Equal(["a", "b"], again.Topics.ByName.Keys);
        Assert.Equal(3000, again.NextProducerId);
        Assert.Equal(string.Empty, again.Configs.ForTopic("a")["k2"]);
    }

    private static Guid Other(int number) => new(number, 9, 9, new byte[8]);

    private static (int LeaderEpoch, int PartitionEpoch) Epochs(MetadataImage image)
    {
        PartitionImage partition = image.Topics.ByName["a"].Partitions[0];
        return (partition.LeaderEpoch.Value, partition.PartitionEpoch);
    }

    private static MetadataImage Build(MetadataImage image, params MetadataRecord[] records)
    {
        MetadataDelta delta = new(image);
        foreach (MetadataRecord record in records)
        {
            delta.Apply(record);
        }

        return delta.ToImage(image.Offset + records.Length, 1);
    }

    private static MetadataRecord Topic(string name, Guid id) => MetadataRecord.Of(new TopicRecord { Name = name, TopicId = id });

    private static MetadataRecord Partition(Guid topic, int index, Guid? directory = null) => MetadataRecord.Of(
        new PartitionRecord
        {
            TopicId = topic,
            PartitionId = index,
            Replicas = [1],
            Isr = [1],
            Leader = 1,
            LeaderEpoch = 0,
            PartitionEpoch = 0,
            Directories = directory is { } known ? [known] : [],
        },
        MetadataVersions.Latest);

    private static MetadataRecord Change(Guid topic, int index, int leader = -2, List<int>? isr = null) => MetadataRecord.Of(
        new PartitionChangeRecord { TopicId = topic, PartitionId = index, Leader = leader, Isr = isr },
        MetadataVersions.Latest);
}
