using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Stored;
using Ottla.Replication.Partitions;
using Ottla.Replication.Tests.Support;

namespace Ottla.Replication.Tests.Partitions;

public sealed class PartitionSetTests
{
    [Fact]
    public async Task A_topic_is_found_by_name_and_by_id()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);

        Assert.Same(partition, scenario.Partitions.FindTopic("t")?.Find(0));
        Assert.Same(partition, scenario.Partitions.FindTopic(new TopicId(ReplicationScenario.IdOf("t")))?.Find(0));
        Assert.Null(scenario.Partitions.FindTopic("t")?.Find(1));
        Assert.Null(scenario.Partitions.FindTopic("t")?.Find(-1));
        Assert.Null(scenario.Partitions.FindTopic("other"));
    }

    [Fact]
    public async Task A_partition_of_other_brokers_is_not_kept()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();

        await scenario.ApplyAsync(ReplicationScenario.CreationOf("t", ReplicationScenario.IdOf("t"), ReplicationScenario.Other));

        Assert.Null(scenario.Find("t"));
    }

    [Fact]
    public async Task A_deleted_topic_is_refused_and_one_of_its_name_begins_empty()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition old = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);
        ReplicationScenario.Append(old, "a");

        await scenario.ApplyAsync(new MetadataRecord(MetadataRecordType.RemoveTopic, 0, new RemoveTopicRecord { TopicId = ReplicationScenario.IdOf("t") }));
        Assert.Null(scenario.Find("t"));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, ReplicationScenario.Append(old, "b").Error);

        await scenario.ApplyAsync(ReplicationScenario.CreationOf("t", ReplicationScenario.IdOf("t2"), ReplicationScenario.Self));
        Assert.Equal(0, scenario.Require("t").Log.LogEndOffset);
    }

    [Fact]
    public async Task Partitions_are_as_they_were_after_a_restart()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition before = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);
        ReplicationScenario.Append(before, "a");
        LeaderEpoch epoch = before.LeaderEpoch;

        await scenario.RestartAsync();

        Partition after = scenario.Require("t");
        Assert.NotSame(before, after);
        Assert.Equal((1L, 1L, epoch), (after.HighWatermark, after.Log.LogEndOffset, after.LeaderEpoch));
    }

    [Fact]
    public async Task A_log_whose_topic_the_metadata_does_not_have_is_set_aside_and_its_name_is_free()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition old = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);
        ReplicationScenario.Append(old, "a");
        scenario.Forget();
        await scenario.RestartAsync();
        Assert.Null(scenario.Find("t"));
        Assert.Null(scenario.Directories.Find(new TopicPartition("t", new PartitionId(0))));
        Assert.Matches(@"^t-0\.[0-9a-f]{32}-stray$", Assert.Single(scenario.Folders));

        await scenario.ApplyAsync(ReplicationScenario.CreationOf("t", ReplicationScenario.IdOf("t2"), ReplicationScenario.Self));
        await scenario.RestartAsync();

        Assert.Equal(0, scenario.Require("t").Log.LogEndOffset);
        Assert.Equal(2, scenario.Folders.Count());
    }

    [Fact]
    public async Task A_log_whose_topic_is_known_to_be_deleted_is_deleted_at_the_start()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        ReplicationScenario.Append(await scenario.CreateTopicAsync("t", ReplicationScenario.Self), "a");
        scenario.Forget();
        await scenario.RestartAsync(deleted: "t");

        Assert.Null(scenario.Directories.Find(new TopicPartition("t", new PartitionId(0))));
        Assert.EndsWith("-delete", Assert.Single(scenario.Folders), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_without_its_topics_id_gets_it_when_the_topic_is_opened()
    {
        await using ReplicationScenario scenario = await ReplicationScenario.StartAsync();
        Partition partition = await scenario.CreateTopicAsync("t", ReplicationScenario.Self);
        string file = Path.Combine(partition.Log.Path, "partition.metadata");
        string content = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        File.Delete(file);

        await scenario.RestartAsync();

        Assert.Equal(ReplicationScenario.IdOf("t"), scenario.Require("t").Log.TopicId.Value);
        Assert.Equal(content, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }
}
