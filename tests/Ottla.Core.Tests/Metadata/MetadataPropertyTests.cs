using CsCheck;
using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Core.Tests.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Metadata;

/// <summary>Random sequences of commands against one controller; CsCheck prints the seed of a sequence that fails.</summary>
public sealed class MetadataPropertyTests
{
    private static readonly string[] Names = ["a", "b.c", "b_c", "d", "__consumer_offsets", "bad name"];

    /// <summary>One random number a step: what it does, to which topic, and how much.</summary>
    private static readonly Gen<int[]> Steps = Gen.Int[0, int.MaxValue].Array[1, 60];

    [Fact]
    public void The_log_and_a_snapshot_with_its_tail_both_give_the_live_image() => Steps.Sample(
        steps =>
        {
            ControllerScenario scenario = ControllerScenario.WithBrokers(3);
            int snapshotAfter = steps[0] % steps.Length;
            MetadataImage snapshot = scenario.Image;
            int tail = scenario.Log.Count;
            for (int index = 0; index < steps.Length; index++)
            {
                Run(scenario, steps[index]);
                if (index == snapshotAfter)
                {
                    snapshot = FromSnapshot(scenario.Image);
                    tail = scenario.Log.Count;
                }
            }

            string live = ImageBytes.Of(scenario.Image);
            Assert.Equal(live, ImageBytes.Of(scenario.Replay()));
            Assert.Equal(live, ImageBytes.Of(scenario.Replay(snapshot, tail)));
        },
        iter: 300);

    [Fact]
    public void Whatever_is_asked_the_image_stays_sound() => Steps.Sample(
        steps =>
        {
            ControllerScenario scenario = ControllerScenario.WithBrokers(3);
            HashSet<TopicId> everyId = [];
            long nextProducerId = 0;
            foreach (int step in steps)
            {
                MetadataImage before = scenario.Image;
                Run(scenario, step);
                AssertSound(scenario.Image);
                AssertEpochsRise(before, scenario.Image);
                Assert.True(scenario.Image.NextProducerId >= nextProducerId);
                nextProducerId = scenario.Image.NextProducerId;
                foreach (TopicDelta created in scenario.LastDelta?.Topics.Changed.Where(delta => delta.IsNew) ?? [])
                {
                    Assert.True(everyId.Add(created.Id), $"The id {created.Id} was given twice.");
                }
            }
        },
        iter: 300);

    private static MetadataImage FromSnapshot(MetadataImage image)
    {
        MetadataDelta delta = new(MetadataImage.Empty(image.ClusterId));
        foreach (MetadataRecord record in MetadataImageRecords.ToRecords(image))
        {
            delta.Apply(MetadataRecordCodec.Decode(MetadataRecordCodec.Encode(record)));
        }

        return delta.ToImage(image.Offset, image.Epoch);
    }

    private static void AssertSound(MetadataImage image)
    {
        Assert.Equal(image.Topics.ByName.Count, image.Topics.ById.Count);
        foreach (TopicImage topic in image.Topics.ByName.Values)
        {
            Assert.Same(topic, image.Topics.ById[topic.Id]);
            Assert.NotEmpty(topic.Partitions);
            for (int index = 0; index < topic.Partitions.Length; index++)
            {
                PartitionImage partition = topic.Partitions[index];
                Assert.Equal(index, partition.Id.Value);
                Assert.NotEmpty(partition.Replicas);
                Assert.Distinct(partition.Replicas);
                Assert.Subset(partition.Replicas.ToHashSet(), partition.Isr.ToHashSet());
                Assert.Contains(partition.Leader, partition.Isr);
                Assert.Equal(partition.Replicas.Length, partition.Directories.Length);
            }
        }

        foreach (ConfigResource resource in image.Configs.ByResource.Keys)
        {
            Assert.NotEmpty(image.Configs.For(resource));
            Assert.True(resource.Type != ConfigResourceType.Topic || image.Topics.ByName.ContainsKey(resource.Name));
        }
    }

    private static void AssertEpochsRise(MetadataImage before, MetadataImage after)
    {
        foreach (TopicImage topic in before.Topics.ByName.Values)
        {
            if (!after.Topics.TryFind(topic.Id, out TopicImage? now))
            {
                continue;
            }

            foreach (PartitionImage partition in topic.Partitions)
            {
                PartitionImage changed = now.Partitions[partition.Id.Value];
                Assert.True(changed.LeaderEpoch.Value >= partition.LeaderEpoch.Value);
                Assert.True(changed.PartitionEpoch >= partition.PartitionEpoch);
                Assert.True(changed.Leader == partition.Leader || changed.LeaderEpoch.Value > partition.LeaderEpoch.Value);
            }
        }
    }

    private static void Run(ControllerScenario scenario, int step)
    {
        string topic = Names[step / 16 % Names.Length];
        int amount = step / 256;
        switch (step % 16)
        {
            case 0 or 1 or 2 or 3:
                scenario.CreateTopic(topic, (amount % 6) - 1, (short)((amount % 5) - 1), ("retention.ms", (amount % 3 - 1).ToString(System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case 4 or 5:
                scenario.Do<DeleteTopicsResponse>(token => new ControllerCommand.DeleteTopics(token, new DeleteTopicsRequest
                {
                    Topics = [new DeleteTopicsRequest.DeleteTopicState { Name = topic }],
                }));
                break;
            case 6 or 7:
                scenario.Do<CreatePartitionsResponse>(token => new ControllerCommand.CreatePartitions(token, new CreatePartitionsRequest
                {
                    Topics = [new CreatePartitionsRequest.CreatePartitionsTopic { Name = topic, Count = amount % 8, Assignments = null }],
                }));
                break;
            case 8 or 9:
                RunConfigChange(scenario, topic, amount);
                break;
            case 10:
                scenario.Do<ElectLeadersResponse>(token =>
                    new ControllerCommand.ElectLeaders(token, new ElectLeadersRequest { ElectionType = (sbyte)(amount % 2), TopicPartitions = null }));
                break;
            case 11 or 12:
                RunReassignment(scenario, topic, amount);
                break;
            case 13:
                scenario.RegisterBroker((amount % 3) + 1);
                break;
            case 14:
                RunAllocation(scenario, amount);
                break;
            default:
                scenario.Restart();
                break;
        }
    }

    private static void RunAllocation(ControllerScenario scenario, int amount)
    {
        BrokerId broker = new((amount % 3) + 1);
        scenario.Do<AllocateProducerIdsResponse>(token => new ControllerCommand.AllocateProducerIds(
            token,
            new AllocateProducerIdsRequest { BrokerId = broker.Value, BrokerEpoch = scenario.Image.Brokers[broker].Epoch }));
    }

    private static void RunConfigChange(ControllerScenario scenario, string topic, int amount)
    {
        ConfigResource resource = (amount % 4) switch
        {
            0 => ConfigResource.ClusterDefault,
            1 => ConfigResource.ForBroker(new BrokerId(amount % 5)),
            _ => ConfigResource.ForTopic(topic),
        };
        string key = resource.Type == ConfigResourceType.Topic ? "cleanup.policy" : "log.cleanup.policy";
        string? value = (amount / 4 % 3) switch { 0 => "compact", 1 => "delete", _ => "shred" };
        ConfigurationScenario.Change(scenario, resource, (key, (sbyte)(amount / 16 % 4), value));
    }

    private static void RunReassignment(ControllerScenario scenario, string topic, int amount)
    {
        List<int> brokers = [.. Enumerable.Range(1, 4).Where(id => ((amount >> id) & 1) != 0)];
        scenario.Do<AlterPartitionReassignmentsResponse>(token => new ControllerCommand.AlterPartitionReassignments(token, new AlterPartitionReassignmentsRequest
        {
            Topics =
            [
                new AlterPartitionReassignmentsRequest.ReassignableTopic
                {
                    Name = topic,
                    Partitions =
                    [
                        new AlterPartitionReassignmentsRequest.ReassignablePartition
                        {
                            PartitionIndex = amount % 3,
                            Replicas = amount % 7 == 0 ? null : brokers,
                        },
                    ],
                },
            ],
        }));
    }
}
