using Ottla.Client.Producing;

namespace Ottla.Cli.Benchmarks;

/// <summary>One run of the produce benchmark. Every n-th record's way is timed, the others are handed over without waiting.</summary>
internal sealed class ProduceRun(Producer producer, TimeProvider timeProvider)
{
    private readonly ProduceTally _all = new(timeProvider);
    private ProduceTally? _steady;
    private bool _saidSteady;
    private Task _lastTimed = Task.CompletedTask;

    public required string Topic { get; init; }

    public required long RecordCount { get; init; }

    /// <summary>How many records at the beginning do not count for the steady state; without any there is none.</summary>
    public required long WarmupCount { get; init; }

    /// <summary>How many records there are to one that is timed.</summary>
    public required long SampleEvery { get; init; }

    public required Payloads Payloads { get; init; }

    /// <summary>Sends everything and waits until it is acknowledged.</summary>
    public async Task SendAsync(Pacer pacer, CancellationToken cancellationToken)
    {
        // What sends runs beside what reports.
        await Task.Yield();
        ProduceTally? steady = null;
        for (long index = 0; index < RecordCount; index++)
        {
            await pacer.WaitForAsync(index, cancellationToken);
            if (WarmupCount > 0 && index == WarmupCount)
            {
                steady = new ProduceTally(timeProvider);
                Volatile.Write(ref _steady, steady);
            }

            var record = new ProducerRecord { Topic = Topic, Value = Payloads.Next(index) };
            int bytes = record.Value.GetValueOrDefault().Length;
            if (index % SampleEvery == 0)
            {
                await PostTimedAsync(record, steady, cancellationToken);
            }
            else
            {
                await producer.PostAsync(record, cancellationToken);
            }

            _all.Count(bytes);
            steady?.Count(bytes);
        }

        await producer.FlushAsync(cancellationToken);
        await _lastTimed;
        _all.End();
        steady?.End();
    }

    /// <summary>The lines about what happened since the last ones. Once the warm-up is over, they are about the steady state alone.</summary>
    public IEnumerable<string> TakeProgress()
    {
        ProduceTally? steady = Volatile.Read(ref _steady);
        if (steady is not null && !_saidSteady)
        {
            _saidSteady = true;
            yield return "In steady state.";
        }

        yield return (steady ?? _all).TakeProgress();
    }

    /// <summary>The lines about all of it.</summary>
    public IEnumerable<string> Summary()
    {
        yield return _all.Summary();
        if (_steady is { } steady)
        {
            yield return steady.Summary(" steady state");
        }
    }

    private async ValueTask PostTimedAsync(ProducerRecord record, ProduceTally? steady, CancellationToken cancellationToken)
    {
        long started = timeProvider.GetTimestamp();
        ValueTask<Delivery> delivery = await producer.AcceptAsync(record, cancellationToken);
        _lastTimed = TimeAsync(delivery, started, steady, _lastTimed);
    }

    /// <summary>Ends after the one before it, so that waiting for the last waits for all.</summary>
    private async Task TimeAsync(ValueTask<Delivery> delivery, long started, ProduceTally? steady, Task previous)
    {
        await delivery;
        long microseconds = (long)timeProvider.GetElapsedTime(started).TotalMicroseconds;
        _all.RecordLatency(microseconds);
        steady?.RecordLatency(microseconds);
        await previous;
    }
}
