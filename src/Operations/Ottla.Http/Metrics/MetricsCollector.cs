using System.Diagnostics.Metrics;

namespace Ottla.Http.Metrics;

/// <summary>
/// Reads all of Ottla's instruments when somebody scrapes. Between scrapes it costs nothing but an addition for each counter that is
/// not observable. Thread-safe.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    private const string MeterPrefix = "Ottla.";

    // Guards the instruments, the running totals and the metrics of the scrape under way.
    private readonly Lock _lock = new();
    private readonly HashSet<Instrument> _instruments = [];
    private readonly SortedDictionary<string, CollectedMetric> _collected = new(StringComparer.Ordinal);
    private readonly Dictionary<(Instrument Instrument, string Tags), CollectedValue> _totals = [];
    private readonly MeterListener _listener = new();

    public MetricsCollector()
    {
        _listener.InstrumentPublished = Published;
        _listener.MeasurementsCompleted = (instrument, _) => Ended(instrument);
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The values of this moment, by name.</summary>
    /// <exception cref="AggregateException">An instrument's own callback failed.</exception>
    public IReadOnlyList<CollectedMetric> Collect()
    {
        lock (_lock)
        {
            _collected.Clear();
            foreach (Instrument instrument in _instruments)
            {
                MetricOf(instrument);
            }

            _listener.RecordObservableInstruments();
            foreach (((Instrument instrument, _), CollectedValue total) in _totals)
            {
                MetricOf(instrument).Values.Add(total);
            }

            return [.. _collected.Values];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Published(Instrument instrument, MeterListener listener)
    {
        if (!instrument.Meter.Name.StartsWith(MeterPrefix, StringComparison.Ordinal))
        {
            return;
        }

        lock (_lock)
        {
            _instruments.Add(instrument);
        }

        listener.EnableMeasurementEvents(instrument);
    }

    private void Ended(Instrument instrument)
    {
        lock (_lock)
        {
            _instruments.Remove(instrument);
            foreach ((Instrument Instrument, string Tags) key in _totals.Keys.Where(key => key.Instrument == instrument).ToArray())
            {
                _totals.Remove(key);
            }
        }
    }

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        List<KeyValuePair<string, string>> text = new(tags.Length);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            text.Add(new KeyValuePair<string, string>(tag.Key, tag.Value?.ToString() ?? string.Empty));
        }

        // An observable instrument reports within Collect, on its thread, which holds the lock already.
        lock (_lock)
        {
            if (instrument.IsObservable)
            {
                MetricOf(instrument).Values.Add(new CollectedValue(text, value));
                return;
            }

            var key = (instrument, string.Join('\u0001', text));
            double before = IsAdded(instrument) && _totals.TryGetValue(key, out CollectedValue? total) ? total.Value : 0;
            _totals[key] = new CollectedValue(text, before + value);
        }
    }

    private CollectedMetric MetricOf(Instrument instrument)
    {
        if (!_collected.TryGetValue(instrument.Name, out CollectedMetric? metric))
        {
            metric = new CollectedMetric(instrument.Name, instrument.Description ?? instrument.Name, IsCounter(instrument), []);
            _collected.Add(instrument.Name, metric);
        }

        return metric;
    }

    private static bool IsCounter(Instrument instrument) =>
        instrument is Counter<long> or Counter<int> or Counter<double>
            or ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double>;

    private static bool IsAdded(Instrument instrument) =>
        IsCounter(instrument) || instrument is UpDownCounter<long> or UpDownCounter<int> or UpDownCounter<double>;
}
