using Ottla.Client.Producing;

namespace Ottla.Cli.Benchmarks;

/// <summary>One run of the produce benchmark. Every n-th record's way is timed, the others are handed over without waiting.</summary>
internal sealed class ProduceRun(Producer producer, TimeProvider timeProvider)
{
    private readonly LatencyHistogram _all = new();
    private readonly long _started = timeProvider.GetTimestamp();
    private LatencyHistogram _window = new();
    private long _sent;
    private long _windowStart = timeProvider.GetTimestamp();
    private long _windowSent;
    private TimeSpan _elapsed;
    private Task _lastTimed = Task.CompletedTask;

    public required string Topic { get; init; }

    public required long RecordCount { get; init; }

    /// <summary>How many records there are to one that is timed.</summary>
    public required long SampleEvery { get; init; }

    public required byte[] Value { get; init; }

    /// <summary>Sends everything and waits until it is acknowledged.</summary>
    public async Task SendAsync(Pacer pacer, CancellationToken cancellationToken)
    {
        // What sends runs beside what reports.
        await Task.Yield();
        var record = new ProducerRecord { Topic = Topic, Value = Value };
        for (long index = 0; index < RecordCount; index++)
        {
            await pacer.WaitForAsync(index, cancellationToken);
            if (index % SampleEvery == 0)
            {
                await PostTimedAsync(record, cancellationToken);
            }
            else
            {
                await producer.PostAsync(record, cancellationToken);
            }

            Volatile.Write(ref _sent, index + 1);
        }

        await producer.FlushAsync(cancellationToken);
        await _lastTimed;
        _elapsed = timeProvider.GetElapsedTime(_started);
    }

    /// <summary>The line about what happened since the last one.</summary>
    public string TakeProgress()
    {
        long now = timeProvider.GetTimestamp();
        long sent = Volatile.Read(ref _sent);
        LatencyHistogram window = Interlocked.Exchange(ref _window, new LatencyHistogram());
        string line = ProgressReport.Sent(
            sent - _windowSent, (sent - _windowSent) * Value.Length, timeProvider.GetElapsedTime(_windowStart, now), window, isFinal: false);
        (_windowStart, _windowSent) = (now, sent);
        return line;
    }

    /// <summary>The line about all of it.</summary>
    public string Summary() => ProgressReport.Sent(RecordCount, RecordCount * Value.Length, _elapsed, _all, isFinal: true);

    private async ValueTask PostTimedAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        long started = timeProvider.GetTimestamp();
        ValueTask<Delivery> delivery = await producer.AcceptAsync(record, cancellationToken);
        _lastTimed = TimeAsync(delivery, started, _lastTimed);
    }

    /// <summary>Ends after the one before it, so that waiting for the last waits for all.</summary>
    private async Task TimeAsync(ValueTask<Delivery> delivery, long started, Task previous)
    {
        await delivery;
        long microseconds = (long)timeProvider.GetElapsedTime(started).TotalMicroseconds;
        _all.Record(microseconds);
        Volatile.Read(ref _window).Record(microseconds);
        await previous;
    }
}
