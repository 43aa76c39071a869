using CsCheck;
using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Logs;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

/// <summary>Random histories of one log against a list of records.</summary>
public sealed class PartitionLogModelTests
{
    [Fact]
    public Task Any_history_reads_as_a_list_of_records_would() =>
        Gen.Int[0, int.MaxValue].SampleAsync(RunAsync, iter: 150, threads: 1);

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var options = new LogOptions
        {
            SegmentBytes = random.Next(1_000, 6_000),
            IndexIntervalBytes = random.Next(0, 700),
            SegmentIndexBytes = random.Next(40, 400),
            RetentionMilliseconds = -1,
            FileDeleteDelayMilliseconds = 0,
        };
        LogScenario scenario = await new LogScenario(options: options).OpenAsync();
        var model = new LogModel();
        int steps = random.Next(10, 120);
        for (int step = 0; step < steps; step++)
        {
            await StepAsync(scenario, model, random);
            Assert.Equal((model.StartOffset, model.EndOffset), (scenario.Log.LogStartOffset, scenario.Log.LogEndOffset));
        }

        await CheckAllAsync(scenario, model);
    }

    private static async Task StepAsync(LogScenario scenario, LogModel model, Random random)
    {
        switch (random.Next(20))
        {
            case 0:
                await scenario.ReopenAsync();
                break;
            case 1:
                await scenario.KillAndReopenAsync();
                break;
            case 2:
                Assert.Equal(ErrorCode.None, await scenario.Log.FlushAsync());
                break;
            case 3:
                long start = random.NextInt64(model.StartOffset, model.EndOffset + 1);
                Assert.Equal(ErrorCode.None, scenario.Log.DeleteRecordsBefore(start));
                model.StartOffset = Math.Max(model.StartOffset, start);
                scenario.Log.DeleteOldSegments(scenario.Now, scenario.Log.LogEndOffset);
                break;
            case 4:
                // As a follower does: an offset that is some batch's end.
                long end = model.RandomBatchEnd(random);
                Assert.Equal(ErrorCode.None, scenario.Log.TruncateTo(end));
                model.TruncateTo(end);
                break;
            case 5:
                scenario.Disk.IsCached = !scenario.Disk.IsCached;
                break;
            case < 10:
                await CheckReadAsync(scenario, model, random);
                break;
            default:
                Append(scenario, model, random);
                break;
        }
    }

    private static void Append(LogScenario scenario, LogModel model, Random random)
    {
        long timestamp = Batches.StartTimestamp + random.Next(0, 10_000);
        string[] values = [.. Enumerable.Range(0, random.Next(1, 6)).Select(index => $"{model.EndOffset + index}:{new string('v', random.Next(0, 200))}")];
        var codec = (CompressionCodec)random.Next(0, 5);
        byte[] batch = Batches.Build(new RecordBatchOptions { Codec = codec }, timestamp, values);

        LogAppend append = scenario.Append(batch, leaderEpoch: model.NextEpoch(random));

        Assert.Equal((ErrorCode.None, model.EndOffset), (append.Error, append.BaseOffset));
        model.Append(timestamp, values);
        Assert.Equal(model.EndOffset - 1, append.LastOffset);
    }

    private static async Task CheckReadAsync(LogScenario scenario, LogModel model, Random random)
    {
        long offset = random.NextInt64(model.StartOffset - 1, model.EndOffset + 2);
        long upTo = random.Next(3) == 0 ? model.RandomBatchEnd(random) : long.MaxValue;
        LogRead read = await scenario.ReadAsync(offset, random.Next(0, 3_000), random.Next(2) == 0, upTo);
        if (offset < model.StartOffset || offset > model.EndOffset)
        {
            Assert.Equal(ErrorCode.OffsetOutOfRange, read.Error);
            return;
        }

        Assert.Equal(ErrorCode.None, read.Error);
        model.CheckRead(offset, upTo, read);
        read.Buffer?.Dispose();
    }

    private static async Task CheckAllAsync(LogScenario scenario, LogModel model)
    {
        Assert.Equal(model.Readable(), await scenario.ReadAllAsync());
        for (int index = 0; index < 20; index++)
        {
            long timestamp = Batches.StartTimestamp + (index * 550) - 10;
            LogTimestamp found = await scenario.Log.OffsetForTimestampAsync(timestamp, CancellationToken.None);
            Assert.Equal(model.FindTimestamp(timestamp), (found.Offset, found.Timestamp));
        }

        foreach ((int epoch, long end) in model.EpochEnds())
        {
            Assert.Equal((new LeaderEpoch(epoch), end), scenario.Log.EndOffsetForEpoch(new LeaderEpoch(epoch)));
        }
    }
}
