using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ottla.Protocol;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Directories;
using Ottla.Storage.Logs;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Directories;

public sealed class LogDirectoriesTests
{
    private static readonly TopicPartition Other = new("payments", new PartitionId(3));
    private static int _ids;

    private static Task<LogDirectories> OpenAsync(SimulatedDisk disk, string? clusterId = null, int nodeId = 1, params string[] paths) =>
        LogDirectories.OpenAsync(
            new LogDirectoriesOptions
            {
                Paths = paths.Length == 0 ? ["/data"] : paths,
                NodeId = new BrokerId(nodeId),
                ClusterId = clusterId,
                NewId = () => new Guid(Interlocked.Increment(ref _ids), 1, 1, new byte[8]),
                Random = new Random(1),
                Clock = new FakeTimeProvider(),
                LoggerFactory = NullLoggerFactory.Instance,
                Files = disk,
                QueueFactory = (_, _, _) => new InlineQueue(),
            },
            CancellationToken.None);

    [Fact]
    public async Task New_directories_get_one_cluster_id_and_an_id_each_which_the_next_start_finds()
    {
        var disk = new SimulatedDisk();
        LogDirectories first = await OpenAsync(disk, paths: ["/a", "/b"]);
        await first.StopAsync(9);
        LogDirectories second = await OpenAsync(disk, paths: ["/a", "/b"]);

        Assert.Equal(first.ClusterId, second.ClusterId);
        Assert.Equal(22, second.ClusterId.Length);
        Assert.Equal(first.Directories.Select(directory => directory.DirectoryId), second.Directories.Select(directory => directory.DirectoryId));
        Assert.NotEqual(second.Directories[0].DirectoryId, second.Directories[1].DirectoryId);
        Assert.True(second.WasCleanShutdown);
        Assert.Equal(9, second.PreviousBrokerEpoch);
    }

    [Fact]
    public async Task A_directory_of_another_cluster_is_refused_with_both_ids()
    {
        var disk = new SimulatedDisk();
        LogDirectories first = await OpenAsync(disk);
        await first.StopAsync(1);

        var refusal = await Assert.ThrowsAsync<LogDirectoryException>(() => OpenAsync(disk, clusterId: "another"));

        Assert.Contains($"/data belongs to cluster {first.ClusterId}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_of_another_node_is_refused_and_its_lock_given_back()
    {
        var disk = new SimulatedDisk();
        await (await OpenAsync(disk)).StopAsync(1);

        var refusal = await Assert.ThrowsAsync<LogDirectoryException>(() => OpenAsync(disk, nodeId: 2));

        Assert.Contains("/data belongs to node 1, but this is node 2", refusal.Message, StringComparison.Ordinal);
        await OpenAsync(disk);
    }

    [Fact]
    public async Task A_directory_in_use_is_refused()
    {
        var disk = new SimulatedDisk();
        await OpenAsync(disk);

        var refusal = await Assert.ThrowsAsync<LogDirectoryException>(() => OpenAsync(disk));

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version=0\nbroker.id=1\n", "version '0'")]
    [InlineData("version=1\nnode.id=1\n", "lacks cluster.id or node.id")]
    [InlineData("version=1\nnode.id=one\ncluster.id=x\n", "lacks cluster.id or node.id")]
    [InlineData("version=1\nnode.id=1\ncluster.id=x\ndirectory.id=!!\n", "directory.id '!!'")]
    public async Task A_damaged_meta_properties_is_refused_and_not_replaced(string content, string complaint)
    {
        var disk = new SimulatedDisk();
        disk.CreateDirectory("/data");
        disk.SetContent("/data/meta.properties", System.Text.Encoding.UTF8.GetBytes(content));

        var refusal = await Assert.ThrowsAsync<LogDirectoryException>(() => OpenAsync(disk));

        Assert.Contains(complaint, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(content, System.Text.Encoding.UTF8.GetString(disk.Content("/data/meta.properties")));
    }

    [Fact]
    public async Task New_logs_go_to_the_directory_with_the_fewest_and_are_found_again_there()
    {
        var disk = new SimulatedDisk();
        LogDirectories directories = await OpenAsync(disk, paths: ["/a", "/b"]);
        for (int partition = 0; partition < 6; partition++)
        {
            var topicPartition = new TopicPartition("spread", new PartitionId(partition));
            Assert.Equal(ErrorCode.None, (await directories.CreateLogAsync(topicPartition, LogScenario.Topic, new LogOptions(), CancellationToken.None)).Error);
        }

        await directories.StopAsync(1);
        directories = await OpenAsync(disk, paths: ["/a", "/b"]);

        Assert.Equal([3, 3], directories.Directories.Select(directory => directories.AllLogs.Count(log => log.Directory == directory)));
        Assert.Equal(LogScenario.Topic, directories.Find(new TopicPartition("spread", new PartitionId(5)))?.TopicId);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_read_is_offline_and_the_others_are_used()
    {
        var disk = new SimulatedDisk();
        await (await OpenAsync(disk, paths: ["/a", "/b"])).StopAsync(1);
        disk.Fault = (_, path) => path.StartsWith("/b/", StringComparison.Ordinal) ? SimulatedDisk.InputOutputError() : null;

        LogDirectories directories = await OpenAsync(disk, paths: ["/a", "/b"]);

        Assert.Equal([LogDirectoryState.Online, LogDirectoryState.Offline], directories.Directories.Select(directory => directory.State));
        LogCreation creation = await directories.CreateLogAsync(Other, LogScenario.Topic, new LogOptions(), CancellationToken.None);
        Assert.Equal("/a", creation.Log?.Directory.Path);
    }

    [Fact]
    public async Task When_no_directory_can_be_used_the_start_fails_and_names_them()
    {
        var disk = new SimulatedDisk { Fault = (_, _) => SimulatedDisk.InputOutputError() };

        var refusal = await Assert.ThrowsAsync<LogDirectoryException>(() => OpenAsync(disk));

        Assert.Contains("/data: Input/output error", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_log_is_renamed_at_once_and_its_files_go_after_the_delay()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        await scenario.Directories.StartAsync(CancellationToken.None);
        scenario.AppendValues("a");

        Assert.Equal(ErrorCode.None, await scenario.Directories.DeleteLogAsync(LogScenario.Partition));

        Assert.Null(scenario.Directories.Find(LogScenario.Partition));
        Assert.Equal(ErrorCode.KafkaStorageError, scenario.AppendValues("b").Error);
        string renamed = Assert.Single(scenario.Disk.ListDirectories("/data"));
        Assert.Matches("^orders-0\\.[0-9a-f]{32}-delete$", renamed);
        scenario.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(scenario.Disk.ListDirectories("/data"));
        scenario.Clock.Advance(TimeSpan.FromSeconds(2));
        await EventuallyAsync(() => scenario.Disk.ListDirectories("/data").Count == 0);
        Assert.Equal(LogDirectoryState.Online, scenario.Directories.Directories[0].State);
    }

    [Fact]
    public async Task A_topic_that_is_deleted_and_made_again_begins_at_zero_even_after_a_kill()
    {
        LogScenario scenario = await new LogScenario(options: new LogOptions { SegmentBytes = 1_000 }).OpenAsync();
        for (int index = 0; index < 50; index++)
        {
            scenario.AppendValues($"old {index}");
        }

        await scenario.Log.FlushAsync();
        await scenario.ReopenAsync();
        await scenario.Directories.DeleteLogAsync(LogScenario.Partition);
        LogCreation creation = await scenario.Directories.CreateLogAsync(
            LogScenario.Partition, LogScenario.Topic, new LogOptions(), CancellationToken.None);
        byte[] batch = Batches.Build("new");
        creation.Log!.Append(batch, Batches.HeaderOf(batch), new LeaderEpoch(0), AppendOrigin.Client, null); // made without error

        await scenario.KillAndReopenAsync();

        Assert.Equal([(0, "new")], await scenario.ReadAllAsync());
    }

    [Fact]
    public async Task Files_that_could_not_be_deleted_are_not_taken_over_by_the_next_topic_of_that_name()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("old");
        scenario.Disk.Fault = (operation, _) => operation == DiskOperation.Rename ? SimulatedDisk.NoSpace() : null;
        Assert.Equal(ErrorCode.KafkaStorageError, await scenario.Directories.DeleteLogAsync(LogScenario.Partition));
        scenario.Disk.Fault = null;

        var next = new TopicId(new Guid(9, 9, 9, new byte[8]));
        LogCreation creation = await scenario.Directories.CreateLogAsync(LogScenario.Partition, next, new LogOptions(), CancellationToken.None);

        Assert.Equal((ErrorCode.None, next, 0), (creation.Error, creation.Log!.TopicId, creation.Log.LogEndOffset)); // there is no error
        Assert.Single(scenario.Disk.ListDirectories("/data"), static name => name.EndsWith("-delete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_many_logs_one_that_cannot_be_deleted_keeps_none_of_the_others()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        TopicPartition[] logs = [.. Enumerable.Range(0, 3).Select(static index => LogScenario.Partition with { Partition = new PartitionId(index) })];
        foreach (TopicPartition log in logs)
        {
            await scenario.Directories.CreateLogAsync(log, LogScenario.Topic, new LogOptions(), CancellationToken.None);
        }

        scenario.Disk.Fault = (operation, path) => operation == DiskOperation.Rename && path == "/data/orders-0" ? SimulatedDisk.NoSpace() : null;
        Assert.Equal(ErrorCode.KafkaStorageError, await scenario.Directories.DeleteLogsAsync(logs));

        Assert.Equal(2, scenario.Disk.ListDirectories("/data").Count(static name => name.EndsWith("-delete", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_log_of_another_topic_with_the_same_name_is_not_handed_out()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();

        LogCreation creation = await scenario.Directories.CreateLogAsync(
            LogScenario.Partition, new TopicId(new Guid(9, 9, 9, new byte[8])), new LogOptions(), CancellationToken.None);

        Assert.Equal((ErrorCode.InconsistentTopicId, null), (creation.Error, creation.Log));
    }

    [Fact]
    public async Task The_high_watermark_and_the_log_start_come_back_from_their_checkpoints()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a", "b", "c");
        scenario.AppendValues("d");
        scenario.Log.HighWatermark = 3;
        scenario.Log.DeleteRecordsBefore(1);

        await scenario.ReopenAsync();

        Assert.Equal((1L, 3L, 4L), (scenario.Log.LogStartOffset, scenario.Log.HighWatermark, scenario.Log.LogEndOffset));
    }

    [Fact]
    public async Task A_damaged_log_start_checkpoint_is_replaced_by_its_copy_so_that_deleted_records_stay_deleted()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a", "b", "c");
        scenario.Log.DeleteRecordsBefore(2);
        await scenario.Directories.StopAsync(1);
        scenario.Disk.SetContent("/data/" + OffsetCheckpoint.LogStartOffsetFileName, [1, 2, 3]);

        await scenario.OpenAsync();

        Assert.Equal(2, scenario.Log.LogStartOffset);
    }

    [Fact]
    public async Task DeleteRecords_is_remembered_after_a_kill()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a", "b", "c");
        scenario.Log.DeleteRecordsBefore(2);

        await scenario.KillAndReopenAsync();

        Assert.Equal([(2, "c")], await scenario.ReadAllAsync());
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (int attempt = 0; attempt < 10_000 && !condition(); attempt++)
        {
            await Task.Yield();
        }

        Assert.True(condition());
    }
}
