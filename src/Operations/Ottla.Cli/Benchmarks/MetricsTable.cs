using System.Globalization;

namespace Ottla.Cli.Benchmarks;

/// <summary>Figures under the names of Kafka's client metrics, in the form in which Kafka's tools print those.</summary>
internal sealed class MetricsTable(string clientId)
{
    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);

    public void Add(string group, string name, double value) => _values[$"{group}:{name}:{{client-id={clientId}}}"] = value;

    public void AddOfTopic(string group, string name, string topic, double value) =>
        _values[$"{group}:{name}:{{client-id={clientId}, topic={topic}}}"] = value;

    /// <summary>An empty line, the header, and a line for each metric.</summary>
    public IEnumerable<string> Lines()
    {
        int width = _values.Keys.Max(name => name.Length);
        yield return string.Empty;
        yield return $"{"Metric Name".PadRight(width)}   Value";
        foreach ((string name, double value) in _values)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{name.PadRight(width)} : {value:0.000}");
        }
    }
}
