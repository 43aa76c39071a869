using Ottla.Protocol;
using Ottla.Storage.Logs;
using Ottla.Storage.Producers;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

/// <summary>Damaged and missing files: what is derived from the log changes no answer, what is the log is never served damaged.</summary>
public sealed class DamageTests
{
    private static readonly LogOptions SmallSegments = new() { SegmentBytes = 2_000, IndexIntervalBytes = 300, RetentionMilliseconds = -1 };

    private static async Task<LogScenario> FillAsync()
    {
        LogScenario scenario = await new LogScenario(options: SmallSegments).OpenAsync();
        for (int step = 0; step < 60; step++)
        {
            byte[] batch = Batches.FromProducer(step % 3, 0, step / 3 * 2, count: 2, Batches.StartTimestamp + (step * 10));
            Assert.Equal(ErrorCode.None, scenario.Append(batch, leaderEpoch: step / 20).Error);
        }

        return scenario;
    }

    private static async Task<string> AnswersAsync(LogScenario scenario)
    {
        var answers = new List<string> { $"{scenario.Log.LogStartOffset}..{scenario.Log.LogEndOffset}" };
        for (long offset = 0; offset <= scenario.Log.LogEndOffset; offset++)
        {
            LogRead read = await scenario.ReadAsync(offset, maxBytes: 500);
            answers.Add($"{offset}: {read.Error} {read.NextOffset} {Convert.ToHexString(read.Records.Span)}");
            read.Buffer?.Dispose();
        }

        for (int time = -5; time < 620; time += 3)
        {
            LogTimestamp found = await scenario.Log.OffsetForTimestampAsync(Batches.StartTimestamp + time, CancellationToken.None);
            answers.Add($"@{time}: {found}");
        }

        answers.Add((await scenario.Log.OffsetOfMaxTimestampAsync(CancellationToken.None)).ToString());
        answers.AddRange(Enumerable.Range(0, 4).Select(epoch => scenario.Log.EndOffsetForEpoch(new LeaderEpoch(epoch)).ToString()));
        answers.AddRange(scenario.Log.DescribeProducers().OrderBy(producer => producer.ProducerId.Value).Select(producer => producer.ToString()));
        return string.Join('\n', answers);
    }

    private static List<string> DerivedFiles(LogScenario scenario) =>
    [
        .. scenario.Disk.Paths.Where(path => Path.GetExtension(path) is ".index" or ".timeindex" or ".snapshot"
            || path.EndsWith("-checkpoint", StringComparison.Ordinal) || path.EndsWith("partition.metadata", StringComparison.Ordinal)),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleting_any_derived_file_changes_no_answer(bool isClean)
    {
        string expected = await AnswersAsync(await FillAsync());
        LogScenario reference = await FillAsync();
        await reference.ReopenAsync();
        List<string> files = DerivedFiles(reference);
        Assert.Contains(files, file => file.EndsWith(".snapshot", StringComparison.Ordinal));
        foreach (string file in files)
        {
            LogScenario scenario = await FillAsync();
            await StopAsync(scenario, isClean);
            scenario.Disk.DeleteFile(file);
            await scenario.OpenAsync();
            Assert.Equal((file, expected), (file, await AnswersAsync(scenario)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Damage_to_any_derived_file_changes_no_answer(int seed)
    {
        string expected = await AnswersAsync(await FillAsync());
        LogScenario reference = await FillAsync();
        await reference.ReopenAsync();
        foreach (string file in DerivedFiles(reference))
        {
            var random = new Random(seed);
            LogScenario scenario = await FillAsync();
            await StopAsync(scenario, isClean: true);
            byte[] content = scenario.Disk.Content(file);
            scenario.Disk.SetContent(file, Damage(content, random));
            await scenario.OpenAsync();
            Assert.Equal((file, seed, expected), (file, seed, await AnswersAsync(scenario)));
        }
    }

    [Fact]
    public async Task An_old_copy_of_an_index_is_found_out()
    {
        string expected = await AnswersAsync(await FillAsync());
        LogScenario scenario = await FillAsync();
        await scenario.Directories.StopAsync(1);
        foreach (string file in DerivedFiles(scenario).Where(file => Path.GetExtension(file) is ".index" or ".timeindex"))
        {
            byte[] content = scenario.Disk.Content(file);
            int entry = file.EndsWith(".timeindex", StringComparison.Ordinal) ? 12 : 8;
            scenario.Disk.SetContent(file, content[..(content.Length / entry / 2 * entry)]);
        }

        await scenario.OpenAsync();

        Assert.Equal(expected, await AnswersAsync(scenario));
    }

    [Fact]
    public async Task A_flipped_bit_in_the_unsynced_tail_cuts_the_log_before_its_batch()
    {
        LogScenario reference = await FillAsync();
        string file = reference.Disk.Paths.Last(path => path.EndsWith(".log", StringComparison.Ordinal));
        int length = reference.Disk.Content(file).Length;
        List<(long Offset, string Value)> all = await reference.ReadAllAsync();
        var random = new Random(7);
        for (int attempt = 0; attempt < 64; attempt++)
        {
            LogScenario scenario = await FillAsync();
            byte[] content = scenario.Disk.Content(file);
            int batchSize = content.Length / BatchesIn(content); // all have the same size
            int position = random.Next(length);
            content[position] ^= (byte)(1 << random.Next(8));
            scenario.Disk.SetContent(file, content);
            await scenario.KillAndReopenAsync();

            List<(long Offset, string Value)> kept = await scenario.ReadAllAsync();
            bool isOutsideChecksum = position % batchSize < 16;
            Assert.True(isOutsideChecksum || kept.Count < all.Count, $"bit at {position} of {file} was not noticed");
            Assert.Equal(all.Take(kept.Count).Select(record => record.Value), kept.Select(record => record.Value));
        }
    }

    [Fact]
    public async Task A_damaged_header_in_a_closed_segment_is_an_error_and_not_a_wrong_answer()
    {
        LogScenario scenario = await FillAsync();
        await scenario.ReopenAsync();
        string file = scenario.LogPath + "/00000000000000000000.log";
        byte[] content = scenario.Disk.Content(file);
        content[16] = 9; // magic of the first batch
        scenario.Disk.SetContent(file, content);

        Assert.Equal(ErrorCode.CorruptMessage, (await scenario.ReadAsync(0)).Error);
    }

    [Fact]
    public async Task Producer_state_from_snapshot_and_tail_equals_that_of_the_whole_log()
    {
        LogScenario scenario = await FillAsync();
        List<ActiveProducer> live = Sorted(scenario);
        await scenario.KillAndReopenAsync();
        List<ActiveProducer> afterKill = Sorted(scenario);
        await scenario.ReopenAsync();
        List<ActiveProducer> afterStop = Sorted(scenario);
        foreach (string snapshot in scenario.Disk.Paths.Where(path => path.EndsWith(".snapshot", StringComparison.Ordinal)).ToList())
        {
            scenario.Disk.DeleteFile(snapshot);
        }

        await scenario.KillAndReopenAsync();

        Assert.Equal(live, afterKill);
        Assert.Equal(live, afterStop);
        Assert.Equal(live, Sorted(scenario));
    }

    [Fact]
    public async Task A_log_whose_files_were_lost_gives_no_offset_twice()
    {
        LogScenario scenario = await FillAsync();
        long end = scenario.Log.LogEndOffset;
        await scenario.Directories.StopAsync(1);
        foreach (string path in scenario.Disk.Paths.Where(path => path.StartsWith(scenario.LogPath, StringComparison.Ordinal)).ToList())
        {
            scenario.Disk.DeleteFile(path);
        }

        await scenario.OpenAsync();

        Assert.Equal(end, scenario.AppendValues("next").BaseOffset);
    }

    private static List<ActiveProducer> Sorted(LogScenario scenario) =>
        [.. scenario.Log.DescribeProducers().OrderBy(producer => producer.ProducerId.Value)];

    private static async Task StopAsync(LogScenario scenario, bool isClean)
    {
        if (isClean)
        {
            await scenario.Directories.StopAsync(1);
        }
        else
        {
            await scenario.Log.FlushAsync();
            scenario.Disk.ReleaseLocks();
        }
    }

    private static int BatchesIn(byte[] content) => new RecordBatchWalk(content).Count();

    private static byte[] Damage(byte[] content, Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                return content[..(content.Length / 2)];
            case 1:
                byte[] garbage = new byte[content.Length + 5];
                random.NextBytes(garbage);
                return garbage;
            default:
                return new byte[content.Length + 24];
        }
    }
}
