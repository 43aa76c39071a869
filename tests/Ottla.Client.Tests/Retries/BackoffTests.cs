using Ottla.Client.Retries;

namespace Ottla.Client.Tests.Retries;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_largest_and_are_spread_by_a_fifth()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), new SeededRandom(1));
        double[] expected = [100, 200, 400, 800, 1000, 1000];
        for (int attempt = 0; attempt < expected.Length; attempt++)
        {
            for (int round = 0; round < 100; round++)
            {
                Assert.InRange(backoff.Delay(attempt).TotalMilliseconds, expected[attempt] * 0.8, expected[attempt] * 1.2);
            }
        }
    }

    [Fact]
    public void The_same_seed_waits_alike()
    {
        Backoff Create() => new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), new SeededRandom(42));
        Backoff first = Create();
        Backoff second = Create();
        Assert.Equal(Enumerable.Range(0, 20).Select(first.Delay), Enumerable.Range(0, 20).Select(second.Delay));
    }

    [Fact]
    public void A_thousandth_attempt_still_waits_the_largest_time() =>
        Assert.InRange(
            new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), new SeededRandom(1)).Delay(1000).TotalSeconds, 0.8, 1.2);
}
