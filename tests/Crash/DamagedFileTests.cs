using System.Globalization;
using System.Text;
using Ottla.Protocol;
using Ottla.Records;
using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>
/// Damaged files of a broker that was stopped or killed: it starts, what is derived from the logs changes no answer, and no record is
/// another than was written.
/// </summary>
public sealed class DamagedFileTests
{
    private const string Topic = "orders";
    private const int Partitions = 3, Batches = 120, RecordsPerBatch = 10, Rounds = 15;

    private static readonly string[] DerivedFiles = [".index", ".timeindex", ".snapshot"];
    private static readonly string Padding = new('x', 4_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Damage_to_any_derived_file_changes_no_answer(bool isStopped) => await RunRoundsAsync(isStopped, IsDerived, static (broker, _, read) =>
    {
        Assert.Equal(0, read.Damaged);
        Assert.Equal(Partitions * Batches * RecordsPerBatch, read.Whole);
        Assert.DoesNotContain("holds no valid batch", broker.Output, StringComparison.Ordinal);
    });

    [Fact]
    public Task A_log_with_a_damaged_topic_id_is_served_or_else_kept_and_told_of() => RunRoundsAsync(isStopped: true, IsTopicId, static (broker, _, read) =>
    {
        // A flipped bit may make another id of it, whose log cannot be this topic's.
        string[] strays = Directory.GetDirectories(broker.DataFolder, "*-stray");
        Assert.Equal((Partitions - strays.Length) * Batches * RecordsPerBatch, read.Whole);
        Assert.All(strays, stray => Assert.Contains(stray, broker.Output, StringComparison.Ordinal));
        Assert.All(strays, static stray => Assert.True(Directory.GetFiles(stray, "*.log").Sum(static file => new FileInfo(file).Length) > Batches * RecordsPerBatch * Padding.Length));
    });

    [Fact]
    public Task A_damaged_log_of_a_killed_broker_is_cut_and_nothing_damaged_is_served() => RunRoundsAsync(isStopped: false, IsLog, static (broker, damaged, read) =>
    {
        Assert.Equal(0, read.Damaged);
        Assert.True(read.Whole > 0, "nothing was left");
        bool isCut = read.Whole < Partitions * Batches * RecordsPerBatch;
        Assert.True(!isCut || damaged.All(static told => told.EndsWith("deleted", StringComparison.Ordinal) || told.Contains("cut", StringComparison.Ordinal))
            || broker.Output.Contains("is cut at offset", StringComparison.Ordinal), $"records are gone and nobody said so: {broker.Output}");
    });

    [Fact]
    public Task A_damaged_log_of_a_stopped_broker_never_shows_a_record_that_was_not_written() => RunRoundsAsync(
        isStopped: true, IsLog, static (_, damaged, read) => Assert.True(read.Damaged <= damaged.Count * RecordsPerBatch * 2, $"{read.Damaged} records are damaged"));

    private static bool IsLog(string path) => path.EndsWith(".log", StringComparison.Ordinal);

    private static bool IsDerived(string path) => DerivedFiles.Contains(Path.GetExtension(path)) || path.EndsWith("-checkpoint", StringComparison.Ordinal)
        || path.EndsWith(".kafka_cleanshutdown", StringComparison.Ordinal);

    private static bool IsTopicId(string path) => path.EndsWith("partition.metadata", StringComparison.Ordinal);

    private static async Task RunRoundsAsync(bool isStopped, Func<string, bool> mayDamage, Action<BrokerProcess, IReadOnlyList<string>, (int Whole, int Damaged)> check)
    {
        int seed = Environment.GetEnvironmentVariable("OTTLA_TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        Random random = new(seed);
        using TemporaryFolder folder = new("damaged");
        string whole = folder.Combine("whole");
        await WriteAsync(whole, isStopped);
        for (int round = 0; round < Rounds; round++)
        {
            string data = folder.Combine($"round-{round}");
            CopyTree(whole, data);
            string[] files = [.. Directory.GetFiles(data, "*", SearchOption.AllDirectories).Where(mayDamage).Where(static path => !path.Contains("__", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            FileDamage damage = new(random);
            List<string> damaged = [.. random.GetItems(files, random.Next(1, 4)).Distinct().Select(damage.Apply)];
            string reproduce = $"OTTLA_TEST_SEED={seed}, round {round}: {string.Join(", ", damaged)}";
            TestContext.Current.TestOutputHelper?.WriteLine(reproduce);

            await using BrokerProcess broker = await BrokerProcess.StartInAsync(data, [], Cancellation);
            await using AdminLink link = await AdminLink.ConnectAsync(broker.Port);
            (int Whole, int Damaged) read = (0, 0);
            for (int partition = 0; partition < Partitions; partition++)
            {
                (int wholeRecords, int damagedRecords) = await ReadAsync(link, partition, reproduce);
                read = (read.Whole + wholeRecords, read.Damaged + damagedRecords);
            }

            check(broker, damaged, read);
            Assert.DoesNotContain("Unhandled", broker.Output, StringComparison.Ordinal);
            await broker.KillAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    // A topic with several segments a partition, whose records say where they belong.
    private static async Task WriteAsync(string data, bool isStopped)
    {
        await using BrokerProcess broker = await BrokerProcess.StartInAsync(data, ["log.segment.bytes=1048576"], Cancellation);
        await using (AdminLink link = await AdminLink.ConnectAsync(broker.Port))
        {
            await link.CreateTopicsAsync([(Topic, TopicState.Of(Partitions))]);
            for (int batch = 0; batch < Batches; batch++)
            {
                for (int partition = 0; partition < Partitions; partition++)
                {
                    await link.ProduceAsync(Topic, partition, Enumerable.Range(batch * RecordsPerBatch, RecordsPerBatch).Select(offset => ValueOf(partition, offset)));
                }
            }
        }

        if (isStopped)
        {
            Assert.Equal(0, (await broker.StopAsync(Cancellation)).ExitCode);
        }
        else
        {
            await broker.KillAsync();
        }
    }

    private static string ValueOf(int partition, long offset) => $"{partition}-{offset}-{Padding}";

    // Reads all that can be read. A client passes over what is damaged, and so does this one.
    private static async Task<(int Whole, int Damaged)> ReadAsync(AdminLink link, int partition, string reproduce)
    {
        (int whole, int damaged) = (0, 0);
        for (long offset = 0; offset < Batches * RecordsPerBatch;)
        {
            (ErrorCode error, byte[] batches) = await link.FetchAsync(Topic, partition, offset);
            if (batches.Length == 0)
            {
                Assert.True(error is ErrorCode.None or ErrorCode.CorruptMessage or ErrorCode.OffsetOutOfRange or ErrorCode.KafkaStorageError, $"offset {offset} answers {error}; {reproduce}");
                offset++;
                continue;
            }

            for (ReadOnlyMemory<byte> rest = batches; RecordBatchHeader.TryRead(rest.Span, out RecordBatchHeader header) && header.TotalSizeInBytes <= rest.Length; rest = rest[header.TotalSizeInBytes..])
            {
                offset = Math.Max(offset + 1, header.NextOffset);
                if (!header.CrcMatches(rest.Span))
                {
                    damaged += RecordsPerBatch;
                    continue;
                }

                foreach (ref readonly RecordView record in new RecordEnumerator(rest.Span[RecordBatchHeader.SizeInBytes..header.TotalSizeInBytes], header.RecordCount))
                {
                    long at = header.BaseOffset + record.OffsetDelta;
                    Assert.True(Encoding.UTF8.GetString(record.Value) == ValueOf(partition, at), $"{Topic}-{partition} holds another record at {at}; {reproduce}");
                    whole++;
                }
            }
        }

        return (whole, damaged);
    }

    private static void CopyTree(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.GetDirectories(from))
        {
            CopyTree(folder, Path.Combine(to, Path.GetFileName(folder)));
        }

        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
