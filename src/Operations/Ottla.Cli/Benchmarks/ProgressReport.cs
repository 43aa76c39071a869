using System.Globalization;

namespace Ottla.Cli.Benchmarks;

/// <summary>
/// What a benchmark prints, in the words of Kafka's tools, so that scripts which read those read these. Latencies have decimals where
/// those tools print whole milliseconds, because here most are below one.
/// </summary>
internal static class ProgressReport
{
    private const double BytesPerMegabyte = 1024 * 1024;

    /// <summary>The producer's line as it goes.</summary>
    public static string Sending(long records, long bytes, TimeSpan elapsed, LatencyHistogram latencies)
    {
        double seconds = AtLeastAMoment(elapsed);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{records} records sent, {records / seconds:0.0} records/sec ({bytes / BytesPerMegabyte / seconds:0.00} MB/sec), {latencies.Mean / 1000:0.00} ms avg latency, {latencies.Max / 1000.0:0.00} ms max latency.");
    }

    /// <summary>The producer's line at the end.</summary>
    public static string Sent(string kind, long records, long bytes, TimeSpan elapsed, LatencyHistogram latencies)
    {
        double seconds = AtLeastAMoment(elapsed);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{records}{kind} records sent, {records / seconds:0.000000} records/sec ({bytes / BytesPerMegabyte / seconds:0.00} MB/sec), {latencies.Mean / 1000:0.00} ms avg latency, {latencies.Max / 1000.0:0.00} ms max latency, {Milliseconds(latencies, 0.5)} ms 50th, {Milliseconds(latencies, 0.95)} ms 95th, {Milliseconds(latencies, 0.99)} ms 99th, {Milliseconds(latencies, 0.999)} ms 99.9th.");
    }

    /// <summary>The consumer's line.</summary>
    public static string Consumed(long records, long bytes, TimeSpan elapsed)
    {
        double seconds = Math.Max(elapsed.TotalSeconds, 1e-6);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{records} records consumed in {seconds:0.000} s, {records / seconds:0.0} records/sec ({bytes / BytesPerMegabyte / seconds:0.00} MB/sec).");
    }

    public static string Percentiles(LatencyHistogram latencies) => string.Create(
        CultureInfo.InvariantCulture,
        $"{latencies.Percentile(0.5) / 1000.0:0.00} ms 50th, {latencies.Percentile(0.95) / 1000.0:0.00} ms 95th, {latencies.Percentile(0.99) / 1000.0:0.00} ms 99th, {latencies.Percentile(0.999) / 1000.0:0.00} ms 99.9th");

    private static string Milliseconds(LatencyHistogram latencies, double fraction) =>
        (latencies.Percentile(fraction) / 1000.0).ToString("0.00", CultureInfo.InvariantCulture);

    private static double AtLeastAMoment(TimeSpan elapsed) => Math.Max(elapsed.TotalSeconds, 1e-6);
}
