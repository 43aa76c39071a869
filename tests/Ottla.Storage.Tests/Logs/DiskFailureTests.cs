using Ottla.Protocol;
using Ottla.Storage.Directories;
using Ottla.Storage.Logs;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

public sealed class DiskFailureTests
{
    private static LogDirectory DirectoryOf(LogScenario scenario) => scenario.Directories.Directories[0];

    [Fact]
    public async Task On_a_full_disk_the_partial_batch_is_cut_and_appends_are_refused_until_there_is_room_while_reads_go_on()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("kept");
        long sizeBefore = scenario.Log.SizeInBytes;
        string file = scenario.LogPath + "/00000000000000000000.log";
        scenario.Disk.Capacity = scenario.Disk.Content(file).Length + 100;

        LogAppend refused = scenario.Append(Batches.OfSize(5000));

        Assert.Equal((ErrorCode.KafkaStorageError, -1L), (refused.Error, refused.BaseOffset));
        Assert.Equal(LogDirectoryState.Full, DirectoryOf(scenario).State);
        Assert.Equal(sizeBefore, scenario.Disk.Content(file).Length);
        Assert.Equal([(0, "kept")], await scenario.ReadAllAsync());

        scenario.Disk.Capacity = long.MaxValue;
        int operations = scenario.Disk.Operations;
        Assert.Equal(ErrorCode.KafkaStorageError, scenario.AppendValues("too soon").Error);
        Assert.Equal(operations, scenario.Disk.Operations);

        scenario.Clock.Advance(TimeSpan.FromSeconds(1));
        LogAppend accepted = scenario.AppendValues("room again");
        Assert.Equal((ErrorCode.None, 1L), (accepted.Error, accepted.BaseOffset));
        Assert.Equal(LogDirectoryState.Online, DirectoryOf(scenario).State);
        await scenario.KillAndReopenAsync();
        Assert.Equal([(0, "kept"), (1, "room again")], await scenario.ReadAllAsync());
    }

    [Fact]
    public async Task A_failed_sync_takes_the_directory_offline_for_good_and_moves_no_recovery_point()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a");
        scenario.Disk.Fault = (operation, _) => operation == DiskOperation.Sync ? SimulatedDisk.InputOutputError() : null;

        ErrorCode flushed = await scenario.Log.FlushAsync();
        scenario.Disk.Fault = null;

        Assert.Equal(ErrorCode.KafkaStorageError, flushed);
        Assert.Equal(LogDirectoryState.Offline, DirectoryOf(scenario).State);
        Assert.Equal([DirectoryOf(scenario)], scenario.WentOffline);
        Assert.Equal(0, scenario.Log.RecoveryPoint);
        Assert.Equal(ErrorCode.KafkaStorageError, scenario.AppendValues("b").Error);
        Assert.Equal(ErrorCode.KafkaStorageError, (await scenario.ReadAsync(0)).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, await scenario.Log.FlushAsync());
    }

    [Fact]
    public async Task A_sync_that_reports_a_full_disk_is_as_final_as_any_other()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a");
        scenario.Disk.Fault = (operation, _) => operation == DiskOperation.Sync ? SimulatedDisk.NoSpace() : null;

        await scenario.Log.FlushAsync();

        Assert.Equal(LogDirectoryState.Offline, DirectoryOf(scenario).State);
    }

    [Fact]
    public async Task After_a_failed_sync_a_stop_writes_no_clean_shutdown_mark()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a");
        scenario.Disk.Fault = (operation, _) => operation == DiskOperation.Sync ? SimulatedDisk.InputOutputError() : null;
        await scenario.Log.FlushAsync();
        scenario.Disk.Fault = null;

        await scenario.ReopenAsync();

        Assert.False(scenario.Directories.WasCleanShutdown);
        Assert.Equal([(0, "a")], await scenario.ReadAllAsync());
    }

    [Theory]
    [InlineData((int)DiskOperation.Write)]
    [InlineData((int)DiskOperation.Read)]
    public async Task A_failed_write_or_read_takes_the_directory_offline(int operation)
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a");
        scenario.Disk.Fault = (kind, _) => (int)kind == operation ? SimulatedDisk.InputOutputError() : null;

        if (operation == (int)DiskOperation.Write)
        {
            Assert.Equal(ErrorCode.KafkaStorageError, scenario.AppendValues("b").Error);
        }
        else
        {
            Assert.Equal(ErrorCode.KafkaStorageError, (await scenario.ReadAsync(0)).Error);
        }

        Assert.Equal(LogDirectoryState.Offline, DirectoryOf(scenario).State);
        Assert.Equal(1, scenario.Log.LogEndOffset);
    }

    [Fact]
    public async Task When_a_partial_batch_cannot_be_cut_off_nothing_is_appended_after_it()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a");
        scenario.Disk.Fault = (operation, _) => operation switch
        {
            DiskOperation.Write => SimulatedDisk.NoSpace(),
            DiskOperation.SetLength => SimulatedDisk.NoSpace(),
            _ => null,
        };

        scenario.AppendValues("b");
        scenario.Disk.Fault = null;
        scenario.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(LogDirectoryState.Offline, DirectoryOf(scenario).State);
        Assert.Equal(ErrorCode.KafkaStorageError, scenario.AppendValues("c").Error);
    }

    [Fact]
    public async Task A_full_disk_at_a_roll_refuses_the_append_and_keeps_the_segment()
    {
        LogScenario scenario = await new LogScenario(options: new LogOptions { SegmentBytes = 12_000 }).OpenAsync();
        scenario.Append(Batches.OfSize(10_000));
        scenario.Disk.Fault = (operation, _) => operation == DiskOperation.Create ? SimulatedDisk.NoSpace() : null;

        Assert.Equal(ErrorCode.KafkaStorageError, scenario.Append(Batches.OfSize(10_000)).Error);
        scenario.Disk.Fault = null;
        scenario.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, scenario.Append(Batches.OfSize(10_000)).BaseOffset);
        Assert.Equal(2, scenario.Log.SegmentCount);
    }

    [Fact]
    public async Task A_full_disk_has_no_room_for_indexes_and_the_log_is_recovered_and_read_all_the_same()
    {
        LogScenario scenario = await new LogScenario(options: new LogOptions { SegmentBytes = 1_500 }).OpenAsync();
        for (int index = 0; index < 4; index++)
        {
            scenario.Append(Batches.OfSize(1_000));
        }

        scenario.Kill();
        scenario.Disk.Fault = (operation, path) =>
            operation is DiskOperation.Create or DiskOperation.Write && path.EndsWith("index", StringComparison.Ordinal) ? SimulatedDisk.NoSpace() : null;
        await scenario.OpenAsync();

        Assert.Empty(scenario.WentOffline);
        Assert.Equal(4, (await scenario.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task A_lost_index_is_rebuilt_in_memory_when_the_disk_is_full()
    {
        LogScenario scenario = await new LogScenario(options: new LogOptions { SegmentBytes = 1_500 }).OpenAsync();
        for (int index = 0; index < 4; index++)
        {
            scenario.Append(Batches.OfSize(1_000));
        }

        await scenario.Directories.StopAsync(brokerEpoch: 7);
        foreach (string path in scenario.Disk.Paths.Where(static path => path.EndsWith("index", StringComparison.Ordinal)).ToList())
        {
            scenario.Disk.DeleteFile(path);
        }

        scenario.Disk.Fault = (operation, path) =>
            operation is DiskOperation.Create or DiskOperation.Write && path.EndsWith("index", StringComparison.Ordinal) ? SimulatedDisk.NoSpace() : null;
        await scenario.OpenAsync();

        Assert.Equal(4, (await scenario.ReadAllAsync()).Count);
        Assert.Equal(LogDirectoryState.Online, DirectoryOf(scenario).State);
    }

    [Fact]
    public async Task Epochs_that_found_no_room_are_written_when_there_is_some()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.Append(Batches.Build("a"), leaderEpoch: 0);
        await scenario.Log.FlushAsync();
        scenario.Append(Batches.Build("b"), leaderEpoch: 1);
        scenario.Disk.Fault = (operation, path) =>
            operation == DiskOperation.Create && path.Contains("leader-epoch", StringComparison.Ordinal) ? SimulatedDisk.NoSpace() : null;
        Assert.Equal(ErrorCode.None, await scenario.Log.FlushAsync());
        scenario.Disk.Fault = null;

        await scenario.ReopenAsync();

        Assert.Equal(new LeaderEpoch(1), scenario.Log.LatestEpoch);
        Assert.Equal(new LeaderEpoch(0), scenario.Log.EpochOf(0));
    }

    [Fact]
    public async Task A_read_that_is_not_in_memory_waits_on_the_read_queue_and_not_on_the_caller()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a");
        scenario.Disk.IsCached = false;
        scenario.Queues[0].IsPaused = true;

        Task<LogRead> read = scenario.Log.ReadAsync(0, 1000, true, long.MaxValue, CancellationToken.None).AsTask();
        Assert.False(read.IsCompleted);
        scenario.Queues[0].RunAll();

        Assert.Equal([(0, "a")], Batches.Read((await read).Records));
    }

    [Fact]
    public async Task Waiters_for_durability_share_one_sync()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.Queues[1].IsPaused = true;
        var waiting = new List<Task<ErrorCode>>();
        for (int index = 0; index < 10; index++)
        {
            scenario.AppendValues($"value {index}");
            waiting.Add(scenario.Log.FlushAsync().AsTask());
        }

        int before = scenario.Disk.Log.Count(line => line.Contains("Sync /data/orders-0/00000000000000000000.log", StringComparison.Ordinal));
        scenario.Queues[1].RunAll();
        foreach (Task<ErrorCode> flush in waiting)
        {
            Assert.Equal(ErrorCode.None, await flush);
        }

        int after = scenario.Disk.Log.Count(line => line.Contains("Sync /data/orders-0/00000000000000000000.log", StringComparison.Ordinal));
        Assert.Equal((before + 1, 10L), (after, scenario.Log.RecoveryPoint));
    }
}
