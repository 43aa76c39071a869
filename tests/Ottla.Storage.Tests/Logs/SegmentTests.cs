using Ottla.Protocol;
using Ottla.Storage.Directories;
using Ottla.Storage.Logs;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

/// <summary>When segments begin and when they go.</summary>
public sealed class SegmentTests
{
    private static LogOptions Unlimited => new() { RetentionMilliseconds = -1, FileDeleteDelayMilliseconds = 1_000 };

    private static Task<LogScenario> OpenAsync(LogOptions options) => new LogScenario(options: options).OpenAsync();

    [Fact]
    public async Task A_segment_holds_no_more_than_its_size()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 3_000 });
        for (int index = 0; index < 10; index++)
        {
            scenario.Append(Batches.OfSize(1_000));
        }

        List<int> sizes = [.. scenario.Disk.Paths.Where(path => path.EndsWith(".log", StringComparison.Ordinal)).Select(path => scenario.Disk.Content(path).Length)];
        Assert.Equal(5, scenario.Log.SegmentCount);
        Assert.All(sizes, size => Assert.InRange(size, 1, 3_000));
    }

    [Fact]
    public async Task A_batch_larger_than_a_segment_is_refused()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 3_000 });

        Assert.Equal(ErrorCode.RecordListTooLarge, scenario.Append(Batches.OfSize(3_000)).Error);
        Assert.Equal(0, scenario.Log.LogEndOffset);
    }

    [Fact]
    public async Task Age_counts_by_record_timestamps_and_by_the_clock_where_there_are_none()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentMilliseconds = 1_000 });
        scenario.Append(Batches.OfSize(10, Batches.StartTimestamp));
        scenario.Clock.Advance(TimeSpan.FromHours(1));
        scenario.Append(Batches.OfSize(10, Batches.StartTimestamp + 1_000));
        Assert.Equal(1, scenario.Log.SegmentCount);
        scenario.Append(Batches.OfSize(10, Batches.StartTimestamp + 1_001));
        Assert.Equal(2, scenario.Log.SegmentCount);

        LogScenario timeless = await OpenAsync(Unlimited with { SegmentMilliseconds = 1_000 });
        timeless.Append(Batches.OfSize(10, timestamp: -1));
        timeless.Append(Batches.OfSize(10, timestamp: -1));
        Assert.Equal(1, timeless.Log.SegmentCount);
        timeless.Clock.Advance(TimeSpan.FromSeconds(2));
        timeless.Append(Batches.OfSize(10, timestamp: -1));
        Assert.Equal(2, timeless.Log.SegmentCount);
    }

    [Fact]
    public async Task Age_is_remembered_over_a_restart()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentMilliseconds = 1_000 });
        scenario.Append(Batches.OfSize(10, Batches.StartTimestamp));
        await scenario.ReopenAsync();
        scenario.Append(Batches.OfSize(10, Batches.StartTimestamp + 2_000));
        Assert.Equal(2, scenario.Log.SegmentCount);
    }

    [Fact]
    public async Task A_full_index_ends_a_segment()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { IndexIntervalBytes = 0, SegmentIndexBytes = 80 });
        for (int index = 0; index < 40; index++)
        {
            scenario.Append(Batches.OfSize(10, Batches.StartTimestamp + index));
        }

        Assert.True(scenario.Log.SegmentCount > 3);
        Assert.All(
            scenario.Disk.Paths.Where(path => path.EndsWith("index", StringComparison.Ordinal)),
            path => Assert.InRange(scenario.Disk.Content(path).Length, 0, 80));
        Assert.Equal(40, (await scenario.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task Offsets_too_far_for_an_index_entry_begin_a_segment()
    {
        LogScenario scenario = await OpenAsync(Unlimited);
        byte[] near = Batches.Build("near");
        byte[] far = Batches.Build("far");
        Ottla.Records.RecordBatchPatch.SetBaseOffset(far, 5L + int.MaxValue);
        scenario.Append(near, origin: AppendOrigin.Replica);
        scenario.Append(far, origin: AppendOrigin.Replica);

        Assert.Equal(2, scenario.Log.SegmentCount);
        Assert.Equal([(0, "near"), (5L + int.MaxValue, "far")], await scenario.ReadAllAsync());
        Assert.Equal(ErrorCode.OffsetOutOfRange, scenario.Append(far, origin: AppendOrigin.Replica).Error);
    }

    [Fact]
    public async Task Retention_by_time_deletes_closed_segments_whose_newest_record_is_old()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 1_500, RetentionMilliseconds = 10_000 });
        for (int index = 0; index < 5; index++)
        {
            scenario.Append(Batches.OfSize(1_000, Batches.StartTimestamp + (index * 4_000)));
        }

        Assert.Equal(0, scenario.Log.DeleteOldSegments(Batches.StartTimestamp + 10_000, highWatermark: 5));
        Assert.Equal(1, scenario.Log.DeleteOldSegments(Batches.StartTimestamp + 14_000, highWatermark: 5));
        Assert.Equal(0, scenario.Log.DeleteOldSegments(Batches.StartTimestamp + 100_000, highWatermark: 1));
        Assert.Equal(4, scenario.Log.DeleteOldSegments(Batches.StartTimestamp + 100_000, highWatermark: 5));

        Assert.Equal((5L, 5L, 1), (scenario.Log.LogStartOffset, scenario.Log.LogEndOffset, scenario.Log.SegmentCount));
        Assert.Equal(5, scenario.AppendValues("next").BaseOffset);
        await scenario.KillAndReopenAsync();
        Assert.Equal([(5, "next")], await scenario.ReadAllAsync());
    }

    [Fact]
    public async Task A_record_that_is_appended_while_retention_looks_is_not_deleted()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { RetentionMilliseconds = 10_000 });
        scenario.Append(Batches.OfSize(1_000));
        long later = Batches.StartTimestamp + 1_000_000;
        Thread? retention = null;
        scenario.Disk.Fault = (operation, _) =>
        {
            // The append is in its critical section: retention has found the only segment too old and waits for the log's lock.
            if (operation == DiskOperation.Write && retention is null)
            {
                retention = new Thread(() => scenario.Log.DeleteOldSegments(later, highWatermark: 1)) { IsBackground = true };
                retention.Start();
                Assert.True(SpinWait.SpinUntil(() => retention.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(30)));
            }

            return null;
        };

        Assert.Equal(ErrorCode.None, scenario.Append(Batches.Build(later, "fresh")).Error);
        Assert.NotNull(retention);
        Assert.True(retention.Join(TimeSpan.FromSeconds(30)));

        Assert.Equal((1, "fresh"), (await scenario.ReadAllAsync())[^1]);
    }

    /// <summary>Without its closing entry the index tells nothing of the segment, and the next start would read the log as after a kill.</summary>
    [Fact]
    public async Task A_stop_completes_the_index_of_a_log_that_was_synced_before()
    {
        LogScenario scenario = await OpenAsync(Unlimited);
        scenario.AppendValues("a");
        await scenario.Log.FlushAsync();

        await scenario.Directories.StopAsync(brokerEpoch: 7);

        Assert.Equal(12, scenario.Disk.Content("/data/orders-0/00000000000000000000.timeindex").Length);
    }

    [Fact]
    public async Task A_full_disk_keeps_the_last_segment_and_gives_back_the_room_of_those_before_it()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 1_500, RetentionMilliseconds = 10_000, FileDeleteDelayMilliseconds = 0 });
        for (int index = 0; index < 3; index++)
        {
            scenario.Append(Batches.OfSize(1_000));
        }

        scenario.Disk.Fault = (operation, _) => operation == DiskOperation.Create ? SimulatedDisk.NoSpace() : null;
        Assert.Equal(ErrorCode.KafkaStorageError, scenario.Append(Batches.OfSize(1_000)).Error);

        Assert.Equal(2, scenario.Log.DeleteOldSegments(Batches.StartTimestamp + 100_000, highWatermark: 3));
        Assert.Equal((2L, 3L, 1), (scenario.Log.LogStartOffset, scenario.Log.LogEndOffset, scenario.Log.SegmentCount));
    }

    [Fact]
    public async Task The_longest_delay_that_can_be_configured_keeps_deleted_segments()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 1_500, RetentionMilliseconds = 10_000, FileDeleteDelayMilliseconds = long.MaxValue });
        scenario.Append(Batches.OfSize(1_000));
        scenario.Append(Batches.OfSize(1_000));

        Assert.Equal(2, scenario.Log.DeleteOldSegments(Batches.StartTimestamp + 100_000, highWatermark: 2));
        scenario.Clock.Advance(TimeSpan.FromDays(3_650));
        scenario.Log.Directory.Trash.DeleteDue();

        Assert.Equal(2, scenario.Disk.Paths.Count(static path => path.EndsWith(".log.deleted", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Records_from_the_future_are_not_deleted()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 1_500, RetentionMilliseconds = 0 });
        scenario.Append(Batches.OfSize(1_000, Batches.StartTimestamp + 1_000_000));
        scenario.Append(Batches.OfSize(1_000, Batches.StartTimestamp));

        Assert.Equal(0, scenario.Log.DeleteOldSegments(Batches.StartTimestamp + 5, highWatermark: 2));
    }

    [Fact]
    public async Task Retention_by_size_keeps_at_least_the_configured_bytes()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 1_500, RetentionBytes = 2_500 });
        for (int index = 0; index < 6; index++)
        {
            scenario.Append(Batches.OfSize(1_000));
        }

        scenario.Log.DeleteOldSegments(scenario.Now, highWatermark: 6);

        Assert.InRange(scenario.Log.SizeInBytes, 2_500, 4_000);
        Assert.True(scenario.Log.LogStartOffset > 0);
    }

    [Fact]
    public async Task A_compacted_topic_is_not_shortened_but_DeleteRecords_is_obeyed()
    {
        LogScenario scenario = await OpenAsync(
            new LogOptions { SegmentBytes = 1_500, RetentionMilliseconds = 0, RetentionBytes = 0, DeleteOldSegments = false, Compacted = true });
        for (int index = 0; index < 5; index++)
        {
            scenario.Append(Batches.OfSize(1_000));
        }

        Assert.Equal(0, scenario.Log.DeleteOldSegments(long.MaxValue / 2, highWatermark: 5));
        scenario.Log.DeleteRecordsBefore(3);
        Assert.Equal(3, scenario.Log.DeleteOldSegments(scenario.Now, highWatermark: 5));
        Assert.Equal((3L, 2), (scenario.Log.LogStartOffset, scenario.Log.SegmentCount));
    }

    [Fact]
    public async Task DeleteRecords_past_the_end_is_out_of_range_and_below_the_start_does_nothing()
    {
        LogScenario scenario = await OpenAsync(Unlimited);
        scenario.AppendValues("a", "b", "c");

        Assert.Equal(ErrorCode.OffsetOutOfRange, scenario.Log.DeleteRecordsBefore(4));
        Assert.Equal(ErrorCode.None, scenario.Log.DeleteRecordsBefore(2));
        Assert.Equal(ErrorCode.None, scenario.Log.DeleteRecordsBefore(1));
        Assert.Equal(2, scenario.Log.LogStartOffset);
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await scenario.ReadAsync(1)).Error);
        Assert.Equal(2, (await scenario.Log.OffsetForTimestampAsync(0, CancellationToken.None)).Offset);
    }

    [Fact]
    public async Task A_flush_of_a_deleted_topic_fails_without_taking_its_directory_offline()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 1_500, FileDeleteDelayMilliseconds = 0 });
        scenario.Queues[1].IsPaused = true;
        scenario.AppendValues("a");
        Task<ErrorCode> deleted = scenario.Directories.DeleteLogAsync(LogScenario.Partition).AsTask();
        Task<ErrorCode> flushed = scenario.Log.FlushAsync().AsTask();

        scenario.Queues[1].RunAll();

        Assert.Equal((ErrorCode.None, ErrorCode.KafkaStorageError), (await deleted, await flushed));
        Assert.Equal(LogDirectoryState.Online, scenario.Directories.Directories[0].State);
    }

    [Fact]
    public async Task A_log_of_a_thousand_closed_segments_is_opened_without_opening_them()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 200 });
        for (int index = 0; index < 1_000; index++)
        {
            scenario.Append(Batches.OfSize(60));
        }

        await scenario.Directories.StopAsync(1);
        Assert.Equal(0, scenario.Disk.CountOfOpenFiles);
        int before = scenario.Disk.Opens;
        await scenario.OpenAsync();

        Assert.Equal(1_000, scenario.Log.SegmentCount);
        Assert.InRange(scenario.Disk.Opens - before, 1, 20);
        Assert.Equal(1, scenario.Disk.CountOfOpenFiles);
        Assert.Equal(1_000, (await scenario.ReadAllAsync()).Count);
        Assert.InRange(scenario.Disk.CountOfOpenFiles, 1, 513);
    }

    [Fact]
    public async Task After_a_kill_only_segments_from_the_recovery_point_on_are_read()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 200 });
        for (int index = 0; index < 500; index++)
        {
            scenario.Append(Batches.OfSize(60));
        }

        await scenario.ReopenAsync();
        scenario.Append(Batches.OfSize(60));
        scenario.Kill();
        int before = scenario.Disk.Opens;
        await scenario.OpenAsync();

        Assert.Equal(501, scenario.Log.LogEndOffset);
        Assert.InRange(scenario.Disk.Opens - before, 1, 30);
    }

    [Fact]
    public async Task Flush_by_messages_is_asked_for_and_flush_by_time_happens()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { FlushMessages = 2, FlushMilliseconds = 5_000 });
        await scenario.Directories.StartAsync(CancellationToken.None);
        Assert.False(scenario.AppendValues("a").IsFlushDue);
        Assert.True(scenario.AppendValues("b").IsFlushDue);

        scenario.Clock.Advance(TimeSpan.FromSeconds(6));
        for (int attempt = 0; attempt < 10_000 && scenario.Log.RecoveryPoint < 2; attempt++)
        {
            await Task.Yield();
        }

        Assert.Equal(2, scenario.Log.RecoveryPoint);
        Assert.False(scenario.AppendValues("c").IsFlushDue);
    }

    [Fact]
    public async Task The_append_time_replaces_the_timestamps_under_a_new_checksum()
    {
        LogScenario scenario = await OpenAsync(Unlimited);
        LogAppend append = scenario.Append(Batches.OfSize(10), logAppendTime: 1_234);

        Assert.Equal(1_234, append.LogAppendTime);
        Assert.Equal([(0L, 1_234L)], await scenario.ReadTimestampsAsync());
        LogTimestamp found = await scenario.Log.OffsetOfMaxTimestampAsync(CancellationToken.None);
        Assert.Equal((0L, 1_234L), (found.Offset, found.Timestamp));
    }

    [Fact]
    public async Task The_greatest_timestamp_is_that_of_the_first_record_that_has_it()
    {
        LogScenario scenario = await OpenAsync(Unlimited with { SegmentBytes = 1_500, IndexIntervalBytes = 0 });
        scenario.Append(Batches.Build(Batches.StartTimestamp, "a", "b", "c"));
        scenario.Append(Batches.Build(Batches.StartTimestamp, "a", "b", "c"));
        scenario.Append(Batches.OfSize(1_300, Batches.StartTimestamp + 1));

        LogTimestamp found = await scenario.Log.OffsetOfMaxTimestampAsync(CancellationToken.None);
        Assert.Equal((2L, Batches.StartTimestamp + 2), (found.Offset, found.Timestamp));
        scenario.Log.DeleteRecordsBefore(6);
        found = await scenario.Log.OffsetOfMaxTimestampAsync(CancellationToken.None);
        Assert.Equal((6L, Batches.StartTimestamp + 1), (found.Offset, found.Timestamp));
    }
}
