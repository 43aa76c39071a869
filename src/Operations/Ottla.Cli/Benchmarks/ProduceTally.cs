namespace Ottla.Cli.Benchmarks;

/// <summary>What a produce benchmark has sent since a moment. One thread counts, others may read and record latencies.</summary>
internal sealed class ProduceTally(TimeProvider timeProvider)
{
    private readonly LatencyHistogram _latencies = new();
    private readonly long _started = timeProvider.GetTimestamp();
    private LatencyHistogram _window = new();
    private long _records;
    private long _bytes;
    private long _windowStart = timeProvider.GetTimestamp();
    private long _windowRecords;
    private long _windowBytes;
    private TimeSpan _elapsed;

    /// <summary>Counts a record that was handed over.</summary>
    public void Count(int bytes)
    {
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _records, _records + 1);
    }

    public void RecordLatency(long microseconds)
    {
        _latencies.Record(microseconds);
        Volatile.Read(ref _window).Record(microseconds);
    }

    /// <summary>All was acknowledged.</summary>
    public void End() => _elapsed = timeProvider.GetElapsedTime(_started);

    /// <summary>The line about what happened since the last one.</summary>
    public string TakeProgress()
    {
        long now = timeProvider.GetTimestamp();
        long records = Volatile.Read(ref _records);
        long bytes = Volatile.Read(ref _bytes);
        LatencyHistogram window = Interlocked.Exchange(ref _window, new LatencyHistogram());
        string line = ProgressReport.Sending(
            records - _windowRecords, bytes - _windowBytes, timeProvider.GetElapsedTime(_windowStart, now), window);
        (_windowStart, _windowRecords, _windowBytes) = (now, records, bytes);
        return line;
    }

    /// <summary>The line about all of it; <paramref name="kind"/> stands before the word "records".</summary>
    public string Summary(string kind = "") => ProgressReport.Sent(kind, _records, _bytes, _elapsed, _latencies);
}
