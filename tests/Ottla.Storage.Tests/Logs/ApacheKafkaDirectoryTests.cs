using Ottla.Protocol;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;
using Ottla.Storage.Producers;
using Ottla.Storage.Segments;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

/// <summary>A directory that Apache Kafka wrote is opened in place, after a kill and after a clean stop.</summary>
public sealed class ApacheKafkaDirectoryTests
{
    private const long EndOffset = 403;
    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "apache-kafka-4.3.1");
    private static readonly LogOptions Options = new() { IndexIntervalBytes = 256, SegmentIndexBytes = 96, RetentionMilliseconds = -1 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_records_are_read_and_the_log_goes_on(bool isClean)
    {
        using var folder = new TemporaryDirectory();
        LogScenario scenario = await OpenAsync(folder, isClean);

        List<(long Offset, string Value)> records = await scenario.ReadAllAsync();

        Assert.Equal((0L, EndOffset), (scenario.Log.LogStartOffset, scenario.Log.LogEndOffset));
        Assert.Equal(isClean, scenario.Directories.WasCleanShutdown);
        Assert.Equal("AAAAAAAAQACAAAAAAAAAAQ", scenario.Directories.ClusterId);
        Assert.Equal("A1nL1etnRlqgUYb7l21nPA", scenario.Log.TopicId.ToString());
        Assert.Equal(new LeaderEpoch(0), scenario.Log.LatestEpoch);
        string[] expected = [.. Enumerable.Range(1, 6).SelectMany(run => Enumerable.Range(run * 100, 60)).Select(number => $"value-{number}")];
        Assert.Equal(expected, records.Take(360).Select(record => record.Value));
        Assert.Equal(EndOffset, scenario.AppendValues("ours").BaseOffset);
    }

    [Fact]
    public async Task Recovery_rebuilds_the_indexes_that_Kafka_wrote()
    {
        using var folder = new TemporaryDirectory();
        await OpenAsync(folder, isClean: false, withoutRecoveryPoint: true);

        foreach (long baseOffset in (long[])[0, 152, 340])
        {
            foreach (string suffix in (string[])[SegmentFileNames.OffsetIndex, SegmentFileNames.TimeIndex])
            {
                string name = SegmentFileNames.For(baseOffset, suffix);
                byte[] theirs = await File.ReadAllBytesAsync(Path.Combine(Fixture, "orders-0", name), TestContext.Current.CancellationToken);
                byte[] ours = await File.ReadAllBytesAsync(Path.Combine(folder.Path, "orders-0", name), TestContext.Current.CancellationToken);
                int entry = suffix == SegmentFileNames.TimeIndex ? 12 : 8;
                Assert.Equal((name, Convert.ToHexString(TrimZeros(theirs, entry))), (name, Convert.ToHexString(ours)));
            }
        }
    }

    [Fact]
    public async Task Recovery_rebuilds_the_producer_state_that_Kafka_wrote()
    {
        using var folder = new TemporaryDirectory();
        var theirs = new ProducerStateTable();
        string name = SegmentFileNames.For(393, SegmentFileNames.ProducerSnapshot);
        Assert.True(ProducerSnapshotFile.TryRestore(await File.ReadAllBytesAsync(Path.Combine(Fixture, "orders-0", name), TestContext.Current.CancellationToken), theirs));
        LogScenario scenario = await OpenAsync(folder, isClean: false, withoutRecoveryPoint: true);

        // Cutting at 393 discards the state and builds it from the log's first record on, as no snapshot is left.
        foreach (string snapshot in Directory.GetFiles(scenario.LogPath, "*.snapshot"))
        {
            File.Delete(snapshot);
        }

        await scenario.KillAndReopenAsync();
        Assert.Equal(ErrorCode.None, scenario.Log.TruncateTo(393));

        Assert.Equal(Describe(theirs), scenario.Log.DescribeProducers().OrderBy(producer => producer.ProducerId.Value));
    }

    [Fact]
    public async Task Lookups_by_time_agree_with_a_scan()
    {
        using var folder = new TemporaryDirectory();
        LogScenario scenario = await OpenAsync(folder, isClean: true);
        List<(long Offset, long Timestamp)> records = await scenario.ReadTimestampsAsync();
        foreach (long timestamp in records.Select(record => record.Timestamp).Distinct())
        {
            (long Offset, long Timestamp) expected = records.First(record => record.Timestamp >= timestamp);
            LogTimestamp found = await scenario.Log.OffsetForTimestampAsync(timestamp, CancellationToken.None);
            Assert.Equal(expected, (found.Offset, found.Timestamp));
        }
    }

    private static async Task<LogScenario> OpenAsync(TemporaryDirectory folder, bool isClean, bool withoutRecoveryPoint = false)
    {
        string log = Path.Combine(folder.Path, "orders-0");
        Directory.CreateDirectory(log);
        File.Copy(Path.Combine(Fixture, "meta.properties"), Path.Combine(folder.Path, "meta.properties"));
        foreach (string file in Directory.GetFiles(Path.Combine(Fixture, "orders-0")))
        {
            File.Copy(file, Path.Combine(log, Path.GetFileName(file)));
        }

        if (isClean)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, ".kafka_cleanshutdown"), """{"version":0,"brokerEpoch":12}""");
        }

        if (!withoutRecoveryPoint)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, "recovery-point-offset-checkpoint"), "0\n1\norders 0 360\n");
        }

        var scenario = new LogScenario(new LinuxFileSystem(), Options, folder.Path) { CreatesLog = false };
        return await scenario.OpenAsync();
    }

    private static IEnumerable<ActiveProducer> Describe(ProducerStateTable producers) =>
        producers.Entries.OrderBy(entry => entry.Key).Select(entry => new ActiveProducer(
            new ProducerId(entry.Key),
            entry.Value.Epoch,
            entry.Value.LastSequence,
            entry.Value.LastTimestamp,
            entry.Value.CoordinatorEpoch,
            entry.Value.TransactionFirstOffset));

    private static byte[] TrimZeros(byte[] index, int entry)
    {
        int length = index.Length / entry * entry;
        while (length > 0 && index.AsSpan(length - entry, entry).IndexOfAnyExcept((byte)0) < 0)
        {
            length -= entry;
        }

        return index[..length];
    }
}
