using Microsoft.Extensions.Logging.Abstractions;
using Ottla.Protocol;
using Ottla.Storage.Directories;
using Ottla.Storage.Logs;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

/// <summary>Real threads on a real disk: appends, reads, syncs and deletions of one log at the same time.</summary>
public sealed class ConcurrencyTests
{
    private const int Writers = 4;
    private const int BatchesEach = 400;

    [Fact]
    public async Task Appends_reads_syncs_and_deletions_at_the_same_time_keep_order_and_lose_nothing()
    {
        using var folder = new TemporaryDirectory();
        await using LogDirectories directories = await OpenAsync(folder);
        var options = new LogOptions { SegmentBytes = 20_000, IndexIntervalBytes = 500, RetentionMilliseconds = -1, FileDeleteDelayMilliseconds = 0 };
        LogCreation creation = await directories.CreateLogAsync(LogScenario.Partition, LogScenario.Topic, options, CancellationToken.None);
        PartitionLog log = Assert.IsType<PartitionLog>(creation.Log);

        Task<List<long>>[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Append(log, writer), TestContext.Current.CancellationToken))];
        Task<List<(long Offset, string Value)>>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => FollowAsync(log, 0), TestContext.Current.CancellationToken))];
        Task syncs = Task.Run(() => SyncAsync(log), TestContext.Current.CancellationToken);
        List<long>[] offsets = await Task.WhenAll(writers);
        await syncs;

        Assert.All(offsets, written => Assert.Equal(written.Order(), written));
        Assert.Equal(Enumerable.Range(0, Writers * BatchesEach).Select(offset => (long)offset), offsets.SelectMany(written => written).Order());
        foreach (List<(long Offset, string Value)> read in await Task.WhenAll(readers))
        {
            Assert.Equal(Enumerable.Range(0, Writers * BatchesEach).Select(offset => (long)offset), read.Select(record => record.Offset));
            for (int writer = 0; writer < Writers; writer++)
            {
                string prefix = $"w{writer}-";
                Assert.Equal(
                    Enumerable.Range(0, BatchesEach).Select(index => $"{prefix}{index:D4}"),
                    read.Select(record => record.Value[..7]).Where(value => value.StartsWith(prefix, StringComparison.Ordinal)));
            }
        }

        // Whoever reads while segments go sees them or is told that they are gone.
        Task<List<(long Offset, string Value)>> late = Task.Run(() => FollowAsync(log, 0, toleratesDeletion: true), TestContext.Current.CancellationToken);
        for (long start = 100; start <= log.LogEndOffset; start += 100)
        {
            Assert.Equal(ErrorCode.None, log.DeleteRecordsBefore(start));
            log.DeleteOldSegments(Batches.StartTimestamp, log.LogEndOffset);
        }

        await late;
        Assert.Equal(LogDirectoryState.Online, directories.Directories[0].State);
    }

    private static Task<LogDirectories> OpenAsync(TemporaryDirectory folder) => LogDirectories.OpenAsync(
        new LogDirectoriesOptions
        {
            Paths = [folder.Path],
            NodeId = new BrokerId(1),
            NewId = Guid.NewGuid,
            Random = new Random(1),
            Clock = TimeProvider.System,
            LoggerFactory = NullLoggerFactory.Instance,
            MaxOpenClosedSegments = 3,
        },
        CancellationToken.None);

    private static List<long> Append(PartitionLog log, int writer)
    {
        var offsets = new List<long>(BatchesEach);
        for (int index = 0; index < BatchesEach; index++)
        {
            byte[] batch = Batches.Build($"w{writer}-{index:D4}" + new string('x', index % 300));
            LogAppend append = log.Append(batch, Batches.HeaderOf(batch), new LeaderEpoch(0), AppendOrigin.Client, null);
            Assert.Equal(ErrorCode.None, append.Error);
            offsets.Add(append.BaseOffset);
        }

        return offsets;
    }

    private static async Task SyncAsync(PartitionLog log)
    {
        while (log.LogEndOffset < Writers * BatchesEach)
        {
            Assert.Equal(ErrorCode.None, await log.FlushAsync());
        }
    }

    private static async Task<List<(long Offset, string Value)>> FollowAsync(PartitionLog log, long offset, bool toleratesDeletion = false)
    {
        var records = new List<(long, string)>();
        while (offset < Writers * BatchesEach)
        {
            LogRead read = await log.ReadAsync(offset, 3_000, atLeastOneBatch: true, long.MaxValue, CancellationToken.None);
            if (toleratesDeletion && read.Error == ErrorCode.OffsetOutOfRange)
            {
                offset = Math.Max(offset, read.LogStartOffset);
                continue;
            }

            Assert.Equal(ErrorCode.None, read.Error);
            records.AddRange(Batches.Read(read.Records));
            offset = read.NextOffset;
            read.Buffer?.Dispose();
            await Task.Yield();
        }

        return records;
    }
}
