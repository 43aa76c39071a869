using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

/// <summary>Kafka's own reader of log files has the last word on the format.</summary>
public sealed class ApacheKafkaToolTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kafkas_dump_tool_reads_what_was_written_and_finds_no_mismatch(bool isKilled)
    {
        Assert.SkipWhen(ApacheKafka.Missing is not null, $"{ApacheKafka.Missing}.");
        using var folder = new TemporaryDirectory();
        var options = new LogOptions { SegmentBytes = 8_000, IndexIntervalBytes = 500 };
        LogScenario scenario = await new LogScenario(new LinuxFileSystem(), options, folder.Path).OpenAsync();
        Fill(scenario);
        if (isKilled)
        {
            // The last bytes are torn off, as when the process dies within a write; the next start repairs.
            string last = Directory.GetFiles(scenario.LogPath, "*.log").Order().Last();
            scenario.Kill();
            using (FileStream file = new FileStream(last, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                file.SetLength(file.Length - 3);
            }

            await scenario.OpenAsync();
            Fill(scenario);
        }

        long endOffset = scenario.Log.LogEndOffset;
        await scenario.Directories.StopAsync(1);

        Assert.True(Directory.GetFiles(scenario.LogPath, "*.log").Length > 2, "the log did not roll");
        string full = await ApacheKafka.DumpAsync(scenario.LogPath);

        Assert.Contains($"offset: {endOffset - 1} ", full, StringComparison.Ordinal);
        Assert.Contains("producerId: 7 producerEpoch: 2", full, StringComparison.Ordinal);
        Assert.Equal(endOffset, full.Split('\n').Count(line => line.Contains("payload: ", StringComparison.Ordinal)));
    }

    private static void Fill(LogScenario scenario)
    {
        int sequence = scenario.Log.DescribeProducers().Count == 0 ? 0 : scenario.Log.DescribeProducers()[0].LastSequence + 1;
        for (int step = 0; step < 120; step++)
        {
            var options = new RecordBatchOptions { Codec = (CompressionCodec)(step % 5) };
            if (step % 3 == 0)
            {
                options = options with { ProducerId = new ProducerId(7), ProducerEpoch = 2, BaseSequence = sequence++ };
            }

            string[] values = step % 3 == 0 ? [$"idempotent {step}"] : [$"first {step}", new string((char)('a' + (step % 26)), step * 20)];
            byte[] batch = Batches.Build(options, Batches.StartTimestamp + (step * 1000) - (step % 4 * 2500), values);
            Assert.Equal(ErrorCode.None, scenario.Append(batch, leaderEpoch: step / 50).Error);
        }
    }
}
