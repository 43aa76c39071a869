using Ottla.Protocol;
using Ottla.Storage.Logs;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

public sealed class PartitionLogTests
{
    [Fact]
    public async Task Appended_batches_get_consecutive_offsets_and_are_read_back()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();

        LogAppend first = scenario.AppendValues("a", "b");
        LogAppend second = scenario.AppendValues("c");

        Assert.Equal((0, 1), (first.BaseOffset, first.LastOffset));
        Assert.Equal((2, 2), (second.BaseOffset, second.LastOffset));
        Assert.Equal([(0, "a"), (1, "b"), (2, "c")], await scenario.ReadAllAsync());
        Assert.Equal(3, scenario.Log.LogEndOffset);
    }

    [Fact]
    public async Task Records_survive_a_clean_stop_and_a_kill()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.AppendValues("a");
        await scenario.ReopenAsync();
        scenario.AppendValues("b");
        await scenario.KillAndReopenAsync();
        scenario.AppendValues("c");

        Assert.Equal([(0, "a"), (1, "b"), (2, "c")], await scenario.ReadAllAsync());
    }

    [Fact]
    public async Task The_first_batch_is_returned_whole_even_when_it_is_larger_than_the_limit()
    {
        LogScenario scenario = await new LogScenario().OpenAsync();
        scenario.Append(Batches.OfSize(10_000));
        scenario.Append(Batches.OfSize(10_000));

        LogRead whole = await scenario.ReadAsync(0, maxBytes: 100);
        LogRead none = await scenario.ReadAsync(0, maxBytes: 100, atLeastOne: false);

        Assert.Equal(1, whole.NextOffset);
        Assert.True(whole.Records.Length > 10_000);
        Assert.Equal((0L, 0), (none.NextOffset, none.Records.Length));
        Assert.Equal(ErrorCode.None, none.Error);
    }
}
