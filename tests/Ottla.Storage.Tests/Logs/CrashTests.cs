using Ottla.Protocol;
using Ottla.Storage.Logs;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

/// <summary>The process, or the machine, dies in every single operation of a history in turn; what comes back is checked each time.</summary>
public sealed class CrashTests
{
    private static readonly LogOptions SmallSegments = new()
    {
        SegmentBytes = 900,
        IndexIntervalBytes = 200,
        RetentionMilliseconds = -1,
        FileDeleteDelayMilliseconds = 0,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_any_write_sync_or_rename_leaves_a_prefix_with_all_that_was_promised(bool losesUnsynced)
    {
        int operations = await CountOperationsAsync();
        Assert.True(operations > 100, $"the history has only {operations} operations");
        for (int crashAt = 1; crashAt <= operations; crashAt++)
        {
            var history = new History(new SimulatedDisk { CrashAt = crashAt });
            await history.RunAsync();
            SimulatedDisk remains = history.Disk.AfterCrash(losesUnsynced);
            await history.CheckAsync(remains, crashAt, promised: losesUnsynced ? history.Durable : history.Acknowledged);
        }
    }

    [Fact]
    public async Task A_crash_while_recovering_from_a_crash_loses_nothing_more()
    {
        int operations = await CountOperationsAsync();
        for (int crashAt = operations / 3; crashAt <= operations; crashAt += 7)
        {
            var history = new History(new SimulatedDisk { CrashAt = crashAt });
            await history.RunAsync();
            for (int second = 1; second < 40; second += 3)
            {
                SimulatedDisk remains = history.Disk.AfterCrash(losesUnsynced: false);
                remains.CrashAt = second;
                try
                {
                    await new LogScenario(remains, SmallSegments).OpenAsync();
                }
                catch (SimulatedCrashException)
                {
                    // The second crash, in the midst of opening.
                }

                await history.CheckAsync(remains.AfterCrash(losesUnsynced: false), crashAt, history.Acknowledged);
            }
        }
    }

    private static async Task<int> CountOperationsAsync()
    {
        var history = new History(new SimulatedDisk());
        await history.RunAsync();
        return history.Disk.Operations;
    }

    private sealed class History(SimulatedDisk disk)
    {
        private readonly List<string> _appended = [];
        private long _startOffset;

        public SimulatedDisk Disk => disk;

        /// <summary>Records whose append was answered.</summary>
        public int Acknowledged { get; private set; }

        /// <summary>Records that a flush answered for.</summary>
        public int Durable { get; private set; }

        public async Task RunAsync()
        {
            try
            {
                LogScenario scenario = await new LogScenario(disk, SmallSegments).OpenAsync();
                for (int step = 0; step < 24; step++)
                {
                    Append(scenario, step);
                    if (step % 5 == 4)
                    {
                        await FlushAsync(scenario);
                    }
                }

                _startOffset = 6;
                scenario.Log.DeleteRecordsBefore(6);
                scenario.Log.DeleteOldSegments(scenario.Now, scenario.Log.LogEndOffset);
                await scenario.Directories.StopAsync(1);
                Durable = Acknowledged;
                await scenario.OpenAsync();
                Append(scenario, 24);
                await FlushAsync(scenario);
                Append(scenario, 25);
            }
            catch (SimulatedCrashException)
            {
                // As planned.
            }
        }

        public async Task CheckAsync(SimulatedDisk remains, int crashAt, int promised)
        {
            LogScenario scenario = await new LogScenario(remains, SmallSegments).OpenAsync();
            List<(long Offset, string Value)> records = await scenario.ReadAllAsync();
            long start = scenario.Log.LogStartOffset;
            Assert.True(start == 0 || start <= _startOffset, $"crash at {crashAt}: the log begins at {start}");
            Assert.True(scenario.Log.LogEndOffset >= promised, $"crash at {crashAt}: {promised} records were promised, {scenario.Log.LogEndOffset} are there");
            Assert.Equal(_appended.Skip((int)start).Take(records.Count), records.Select(record => record.Value));

            // Life goes on: the next record gets the next offset, and a retry of the last batch is recognised.
            long end = scenario.Log.LogEndOffset;
            if (end > 0)
            {
                LogAppend retry = scenario.Append(Batches.FromProducer(1, 0, (int)end - 1, timestamp: Batches.StartTimestamp + end - 1));
                Assert.Equal((ErrorCode.None, true, end - 1), (retry.Error, retry.IsDuplicate, retry.BaseOffset));
            }

            Assert.Equal(end, scenario.Append(Batches.FromProducer(1, 0, (int)end)).BaseOffset);
        }

        private void Append(LogScenario scenario, int step)
        {
            _appended.Add($"p1-{step}");
            LogAppend append = scenario.Append(Batches.FromProducer(1, 0, step, timestamp: Batches.StartTimestamp + step));
            Assert.Equal((ErrorCode.None, step), (append.Error, append.BaseOffset));
            Acknowledged++;
        }

        private async Task FlushAsync(LogScenario scenario)
        {
            int count = Acknowledged;
            if (await scenario.Log.FlushAsync() == ErrorCode.None)
            {
                Durable = count;
            }
        }
    }
}
