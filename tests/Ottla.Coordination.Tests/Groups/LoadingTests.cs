using Ottla.Coordination.Tests.Hosts;
using Ottla.Core.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;
using Ottla.Records;

namespace Ottla.Coordination.Tests.Groups;

[Collection(nameof(LoadingTests))]
public sealed class LoadingTests(ITestOutputHelper output)
{
    /// <summary>Measured in processor time, which does not depend on what else the machine does.</summary>
    [Fact]
    public async Task A_million_commits_are_replayed_within_three_seconds()
    {
        const int Commits = 1_000_000;
        var log = new MemoryCoordinatorLog();
        Fill(log, Commits);
        await using var scenario = new GroupCoordinatorScenario();
        TimeSpan started = Environment.CpuUsage.TotalTime;
        await scenario.LeadAsync(log: log);

        TimeSpan elapsed = Environment.CpuUsage.TotalTime - started;
        output.WriteLine($"{Commits} commits in {elapsed.TotalMilliseconds:F0} ms");
        Assert.Equal((ErrorCode.None, 990_007), await scenario.FetchAsync("group-7", 7));
        Assert.True(elapsed < TimeSpan.FromSeconds(3), $"Took {elapsed}.");
    }

    [Fact]
    public async Task Compressed_batches_control_batches_and_foreign_records_do_not_disturb_the_replay()
    {
        var log = new MemoryCoordinatorLog();
        using (var control = new RecordBatchBuilder(RecordBatchOptions.Default with { IsControl = true, IsTransactional = true, ProducerId = new ProducerId(1), ProducerEpoch = 0 }))
        {
            control.Append(1, new byte[] { 0, 0, 0, 1 }, new byte[] { 0, 0, 0, 0, 0, 0 });
            log.Append(control.Build());
        }

        foreach (CompressionCodec codec in Enum.GetValues<CompressionCodec>())
        {
            using var batch = new RecordBatchBuilder(RecordBatchOptions.Default with { Codec = codec });
            batch.Append(1, new byte[] { 0, 21, 0, 1 }, new byte[] { 0, 0 });
            GroupRecord record = Commit("orders", (int)codec, 100 + (int)codec);
            batch.Append(1, GroupRecordFormat.WriteKey(record), GroupRecordFormat.WriteValue(record));
            log.Append(batch.Build());
        }

        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync(log: log);

        foreach (CompressionCodec codec in Enum.GetValues<CompressionCodec>())
        {
            Assert.Equal((ErrorCode.None, 100 + (int)codec), await scenario.FetchAsync(partition: (int)codec));
        }
    }

    [Fact]
    public async Task A_record_of_an_unknown_version_keeps_the_coordinator_from_serving_what_it_cannot_know()
    {
        var log = new MemoryCoordinatorLog();
        using (var batch = new RecordBatchBuilder(RecordBatchOptions.Default))
        {
            batch.Append(1, GroupRecordFormat.WriteKey(Commit("orders", 0, 1)), new byte[] { 0, 99, 1, 2, 3 });
            log.Append(batch.Build());
        }

        await using var scenario = new GroupCoordinatorScenario();
        await scenario.LeadAsync(log: log);

        Assert.Equal(ErrorCode.CoordinatorNotAvailable, (await scenario.FetchAsync()).Error);
    }

    private static OffsetCommitRecord Commit(string groupId, int partition, long offset) => new(
        new OffsetCommitKey { Group = groupId, Topic = "t", Partition = partition },
        new OffsetCommitValue { Offset = offset, Metadata = "", CommitTimestamp = 1_700_000_000_000 });

    private static void Fill(MemoryCoordinatorLog log, int commits)
    {
        using var batch = new RecordBatchBuilder(RecordBatchOptions.Default);
        for (int i = 0; i < commits; i++)
        {
            GroupRecord record = Commit($"group-{i % 100}", i % 1_000, i - (i % 10_000) + (i % 1_000));
            batch.Append(1_700_000_000_000, GroupRecordFormat.WriteKey(record), GroupRecordFormat.WriteValue(record));
            if (batch.RecordCount == 1_000)
            {
                log.Append(batch.Build());
                batch.Reset(RecordBatchOptions.Default);
            }
        }
    }
}
