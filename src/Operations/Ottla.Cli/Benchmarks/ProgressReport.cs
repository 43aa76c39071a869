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

    /// <summary>What the consumer's columns are called; <paramref name="isDetailed"/>, whether lines come as it goes.</summary>
    public static string ConsumerHeader(bool isDetailed) =>
        (isDetailed ? "time, threadId" : "start.time, end.time")
        + ", data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec";

    /// <summary>The consumer's line.</summary>
    /// <param name="times">The first two columns.</param>
    /// <param name="total">Everything read so far, which the columns of amounts show.</param>
    /// <param name="counted">What the rates are about: everything, or what came since the last line.</param>
    /// <param name="elapsed">How long that took.</param>
    /// <param name="rebalancing">How much of this went into joining the group.</param>
    public static string Consumed(string times, ConsumedAmount total, ConsumedAmount counted, TimeSpan elapsed, TimeSpan rebalancing)
    {
        long rebalanceMilliseconds = (long)rebalancing.TotalMilliseconds;
        long fetchMilliseconds = (long)elapsed.TotalMilliseconds - rebalanceMilliseconds;
        double megabytes = counted.Bytes / BytesPerMegabyte;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{times}, {total.Bytes / BytesPerMegabyte:0.0000}, {Rate(megabytes, elapsed):0.0000}, {total.Records}, {Rate(counted.Records, elapsed):0.0000}, {rebalanceMilliseconds}, {fetchMilliseconds}, {Rate(megabytes, elapsed - rebalancing):0.0000}, {Rate(counted.Records, elapsed - rebalancing):0.0000}");
    }

    /// <summary>The consumer's line when records stayed away.</summary>
    public static string NotAllConsumed(TimeSpan limit) => string.Create(
        CultureInfo.InvariantCulture,
        $"WARNING: Exiting before consuming the expected number of records: timeout ({limit.TotalMilliseconds:0} ms) exceeded. You can use the --timeout option to increase the timeout.");

    /// <summary>The latency benchmark's line as it goes.</summary>
    public static string Arrived(long index, TimeSpan latency) => string.Create(CultureInfo.InvariantCulture, $"{index}\t{latency.TotalMilliseconds}");

    /// <summary>The latency benchmark's lines at the end.</summary>
    public static IEnumerable<string> Latencies(LatencyHistogram latencies) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"Avg latency: {latencies.Mean / 1000:0.0000} ms"),
        $"Percentiles: 50th = {Milliseconds(latencies, 0.5)}, 99th = {Milliseconds(latencies, 0.99)}, 99.9th = {Milliseconds(latencies, 0.999)}",
    ];

    private static string Milliseconds(LatencyHistogram latencies, double fraction) =>
        (latencies.Percentile(fraction) / 1000.0).ToString("0.00", CultureInfo.InvariantCulture);

    private static double AtLeastAMoment(TimeSpan elapsed) => Math.Max(elapsed.TotalSeconds, 1e-6);

    private static double Rate(double amount, TimeSpan elapsed) => elapsed > TimeSpan.Zero ? amount / elapsed.TotalSeconds : 0;
}
