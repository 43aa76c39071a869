using Microsoft.Extensions.Time.Testing;
using Ottla.Cli.Benchmarks;

namespace Ottla.Cli.Tests.Benchmarks;

public sealed class RebalanceClockTests
{
    [Fact]
    public async Task Only_the_time_between_giving_up_and_getting_partitions_counts()
    {
        var time = new FakeTimeProvider();
        var clock = new RebalanceClock(time);

        time.Advance(TimeSpan.FromSeconds(100));
        await clock.BeginAsync();
        time.Advance(TimeSpan.FromSeconds(3));
        await clock.EndAsync();
        time.Advance(TimeSpan.FromSeconds(100));
        await clock.BeginAsync();
        time.Advance(TimeSpan.FromSeconds(2));
        await clock.EndAsync();

        Assert.Equal(TimeSpan.FromSeconds(5), clock.Total);
    }
}
