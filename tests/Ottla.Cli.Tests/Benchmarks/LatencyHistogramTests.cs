using CsCheck;
using Ottla.Cli.Benchmarks;

namespace Ottla.Cli.Tests.Benchmarks;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_right_to_a_64th()
    {
        Gen.Long[0, 10_000_000_000].Array[1, 200].Sample(values =>
        {
            var histogram = new LatencyHistogram();
            foreach (long value in values)
            {
                histogram.Record(value);
            }

            long[] sorted = [.. values.Order()];
            foreach (double fraction in new[] { 0.5, 0.95, 0.99, 1.0 })
            {
                long exact = sorted[(int)Math.Ceiling(fraction * sorted.Length) - 1];
                Assert.InRange(histogram.Percentile(fraction), exact, exact + (exact / 64) + 1);
            }

            Assert.Equal(sorted[^1], histogram.Max);
            Assert.Equal(values.Length, histogram.Count);
        });
    }

    [Fact]
    public void An_empty_histogram_has_nothing_to_say()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal((0L, 0L, 0.0), (histogram.Percentile(0.99), histogram.Max, histogram.Mean));
    }
}
