using System.Globalization;
using System.Text;

namespace Ottla.Http.Metrics;

/// <summary>Writes metrics in Prometheus' text format, version 0.0.4.</summary>
internal static class PrometheusFormat
{
    public static string Write(IReadOnlyList<CollectedMetric> metrics)
    {
        var text = new StringBuilder();
        foreach (CollectedMetric metric in metrics)
        {
            Write(text, metric, KafkaName.Of(metric));
        }

        WriteProcess(text);
        return text.ToString();
    }

    private static void Write(StringBuilder text, CollectedMetric metric, KafkaName kafka)
    {
        WriteHead(text, kafka.Name, metric.Description, metric.IsCounter);
        if (kafka.HasTotal)
        {
            WriteValue(text, kafka.Name, [], metric.Values.Sum(static value => value.Value) * kafka.Factor);
        }

        foreach (CollectedValue value in metric.Values)
        {
            IEnumerable<KeyValuePair<string, string>> tags = value.Tags.Select((tag, index) =>
                new KeyValuePair<string, string>(index == 0 && kafka.Tag is not null ? kafka.Tag : tag.Key.Replace('.', '_'), tag.Value));
            WriteValue(text, kafka.Name, [.. tags], value.Value * kafka.Factor);
        }
    }

    private static void WriteProcess(StringBuilder text)
    {
        WriteHead(text, "process_cpu_seconds_total", "Processor time of the process", isCounter: true);
        WriteValue(text, "process_cpu_seconds_total", [], Environment.CpuUsage.TotalTime.TotalSeconds);
        WriteHead(text, "process_resident_memory_bytes", "Resident memory of the process", isCounter: false);
        WriteValue(text, "process_resident_memory_bytes", [], Environment.WorkingSet);
    }

    private static void WriteHead(StringBuilder text, string name, string description, bool isCounter)
    {
        string escaped = description.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        text.Append("# HELP ").Append(name).Append(' ').Append(escaped).Append('\n');
        text.Append("# TYPE ").Append(name).Append(isCounter ? " counter\n" : " gauge\n");
    }

    private static void WriteValue(StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, string>> labels, double value)
    {
        text.Append(name);
        for (int i = 0; i < labels.Count; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Key).Append("=\"").Append(Escaped(labels[i].Value)).Append('"');
        }

        text.Append(labels.Count > 0 ? "} " : " ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escaped(string label) => label
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
