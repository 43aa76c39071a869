using Ottla.Cli.Benchmarks;

namespace Ottla.Cli.Tests.Benchmarks;

/// <summary>Lines that Kafka 4.3.1's tools printed, from the same figures. Where those have whole milliseconds, these have decimals.</summary>
public sealed class ProgressReportTests
{
    [Fact]
    public void The_producers_lines_are_Kafkas()
    {
        var latencies = new LatencyHistogram();
        latencies.Record(32_000);

        Assert.Equal(
            "1401 records sent, 1401.0 records/sec (0.07 MB/sec), 32.00 ms avg latency, 32.00 ms max latency.",
            ProgressReport.Sending(1401, 70_050, TimeSpan.FromSeconds(1), latencies));
        Assert.Equal(
            "2000 steady state records sent, 1223.241590 records/sec (0.06 MB/sec), 32.00 ms avg latency, 32.00 ms max latency, 32.00 ms 50th, 32.00 ms 95th, 32.00 ms 99th, 32.00 ms 99.9th.",
            ProgressReport.Sent(" steady state", 2000, 100_000, TimeSpan.FromMilliseconds(1635), latencies));
    }

    [Fact]
    public void The_consumers_lines_are_Kafkas()
    {
        var total = new ConsumedAmount(3000, 150_000);

        Assert.Equal(
            "from, to, 0.1431, 0.0614, 3000, 1287.0013, 2057, 274, 0.5221, 10948.9051",
            ProgressReport.Consumed("from, to", total, total, TimeSpan.FromMilliseconds(2331), TimeSpan.FromMilliseconds(2057)));
        Assert.Equal(
            "now, 0, 0.0239, 2.3842, 501, 50000.0000, 0, 10, 2.3842, 50000.0000",
            ProgressReport.Consumed("now, 0", new ConsumedAmount(501, 25_050), new ConsumedAmount(500, 25_000), TimeSpan.FromMilliseconds(10), TimeSpan.Zero));
        Assert.Equal(
            "from, to, 0.0000, 0.0000, 0, 0.0000, 0, 1768, 0.0000, 0.0000",
            ProgressReport.Consumed("from, to", default, default, TimeSpan.FromMilliseconds(1768), TimeSpan.Zero));
        Assert.Equal(
            "WARNING: Exiting before consuming the expected number of records: timeout (1500 ms) exceeded. You can use the --timeout option to increase the timeout.",
            ProgressReport.NotAllConsumed(TimeSpan.FromMilliseconds(1500)));
    }

    [Fact]
    public void A_run_that_only_rebalanced_has_no_rate()
    {
        string line = ProgressReport.Consumed("a, b", default, default, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.Equal("a, b, 0.0000, 0.0000, 0, 0.0000, 1000, 0, 0.0000, 0.0000", line);
    }

    [Fact]
    public void The_latency_lines_are_Kafkas()
    {
        var latencies = new LatencyHistogram();
        latencies.Record(25);

        Assert.Equal("1000\t0.525", ProgressReport.Arrived(1000, TimeSpan.FromMicroseconds(525)));
        Assert.Equal(["Avg latency: 0.0250 ms", "Percentiles: 50th = 0.03, 99th = 0.03, 99.9th = 0.03"], ProgressReport.Latencies(latencies));
    }
}
