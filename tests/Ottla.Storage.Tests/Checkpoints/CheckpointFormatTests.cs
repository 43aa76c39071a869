using System.Text;
using Ottla.Protocol;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Checkpoints;

/// <summary>The exact text of Kafka's small files.</summary>
public sealed class CheckpointFormatTests
{
    private readonly SimulatedDisk _disk = new();

    public CheckpointFormatTests() => _disk.CreateDirectory("/d");

    private string Text(string name) => Encoding.UTF8.GetString(_disk.Content("/d/" + name));

    [Fact]
    public void An_offset_checkpoint_has_a_version_a_count_and_a_line_for_each_partition()
    {
        var offsets = new Dictionary<TopicPartition, long> { [new("a", new PartitionId(0))] = 5, [new("b.c_d-e", new PartitionId(12))] = long.MaxValue };

        OffsetCheckpoint.Write(_disk, "/d/f", offsets);

        Assert.Equal("0\n2\na 0 5\nb.c_d-e 12 9223372036854775807\n", Text("f"));
        Assert.Equal(offsets, OffsetCheckpoint.Read(_disk, "/d/f"));
    }

    [Theory]
    [InlineData("1\n0\n")]
    [InlineData("0\n2\na 0 5\n")]
    [InlineData("0\n1\na 0\n")]
    [InlineData("0\n1\na zero 5\n")]
    [InlineData("0")]
    [InlineData("")]
    public void A_damaged_checkpoint_is_an_error_and_not_an_empty_one(string text)
    {
        _disk.SetContent("/d/f", Encoding.UTF8.GetBytes(text));

        Assert.Throws<InvalidDataException>(() => OffsetCheckpoint.Read(_disk, "/d/f"));
    }

    [Fact]
    public void The_leader_epoch_checkpoint_lists_epochs_and_start_offsets()
    {
        LeaderEpochCheckpoint.Write(_disk, "/d", [new(new LeaderEpoch(0), 0), new(new LeaderEpoch(4), 120)]);

        Assert.Equal("0\n2\n0 0\n4 120\n", Text("leader-epoch-checkpoint"));
        Assert.Equal(2, LeaderEpochCheckpoint.Read(_disk, "/d")?.Count);
    }

    [Fact]
    public void Partition_metadata_holds_the_topic_id()
    {
        PartitionMetadataFile.Write(_disk, "/d", LogScenario.Topic);

        Assert.Equal("version: 0\ntopic_id: ERERESIiMzNERFVVVVVVVQ\n", Text("partition.metadata"));
        Assert.Equal(LogScenario.Topic, PartitionMetadataFile.Read(_disk, "/d"));
    }

    [Fact]
    public void Meta_properties_of_Kafka_are_read_with_their_comments_and_escapes()
    {
        _disk.SetContent("/d/meta.properties", Encoding.UTF8.GetBytes("#\n#Wed Nov 25 05:08:06 UTC 2026\nnode.id = 1\ndirectory.id=Pql9_iyVj_56TaAHffwPBw\nversion\\=1\nversion=1\ncluster.id=abc\\=\\=\n"));

        var properties = MetaProperties.Read(_disk, "/d");

        Assert.Equal(("abc==", new BrokerId(1)), (properties?.ClusterId, properties?.NodeId));
        Assert.Equal("Pql9_iyVj_56TaAHffwPBw", KafkaUuid.Format(properties!.DirectoryId!.Value)); // it was read
    }

    [Fact]
    public void Meta_properties_are_written_as_version_one()
    {
        new MetaProperties("cluster", new BrokerId(3), LogScenario.Topic.Value).Write(_disk, "/d");

        Assert.Equal("#\ncluster.id=cluster\ndirectory.id=ERERESIiMzNERFVVVVVVVQ\nnode.id=3\nversion=1\n", Text("meta.properties"));
    }

    [Theory]
    [InlineData("""{"version":0,"brokerEpoch":12}""", 12)]
    [InlineData("", -1)]
    [InlineData("[]", -1)]
    [InlineData("{\"brokerEpoch\":\"x", -1)]
    public void The_clean_shutdown_file_is_taken_away_by_reading_it(string content, long brokerEpoch)
    {
        _disk.SetContent("/d/.kafka_cleanshutdown", Encoding.UTF8.GetBytes(content));

        Assert.True(CleanShutdownFile.TryConsume(_disk, "/d", out long found));
        Assert.Equal(brokerEpoch, found);
        Assert.False(CleanShutdownFile.TryConsume(_disk, "/d", out _));
    }

    [Fact]
    public void Epochs_end_where_the_next_one_begins()
    {
        LeaderEpochCache cache = LeaderEpochCache.Empty.Assign(new LeaderEpoch(1), 10).Assign(new LeaderEpoch(3), 20).Assign(new LeaderEpoch(6), 30);

        Assert.Equal((1, 20L), End(1));
        Assert.Equal((1, 20L), End(2));
        Assert.Equal((3, 30L), End(5));
        Assert.Equal((6, 44L), End(6));
        Assert.Equal((0, 10L), End(0));
        Assert.Equal((-1, -1L), End(7));
        Assert.Equal((-1, -1L), End(-1));

        (int, long) End(int epoch)
        {
            LeaderEpochEntry entry = cache.EndOffsetFor(new LeaderEpoch(epoch), 44);
            return (entry.Epoch.Value, entry.StartOffset);
        }
    }

    [Fact]
    public void An_epoch_that_contradicts_later_entries_replaces_them()
    {
        LeaderEpochCache cache = LeaderEpochCache.Empty.Assign(new LeaderEpoch(1), 10).Assign(new LeaderEpoch(3), 20).Assign(new LeaderEpoch(2), 15);

        Assert.Equal([new(new LeaderEpoch(1), 10), new(new LeaderEpoch(2), 15)], cache.Entries);
        Assert.Equal([new LeaderEpochEntry(new LeaderEpoch(2), 18)], cache.TruncateFromStart(18).Entries);
        Assert.Equal([new LeaderEpochEntry(new LeaderEpoch(1), 10)], cache.TruncateFromEnd(15).Entries);
    }
}
