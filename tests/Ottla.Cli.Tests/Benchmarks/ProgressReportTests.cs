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
}
