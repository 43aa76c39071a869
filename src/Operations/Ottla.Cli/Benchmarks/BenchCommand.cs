using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Core.Configuration;

namespace Ottla.Cli.Benchmarks;

/// <summary><c>ottla bench</c>, with the option names of Kafka's performance tools.</summary>
internal static class BenchCommand
{
    public static Command Create(CliConsole console) => new("bench", "Measure a cluster")
    {
        ProduceBenchmark.Create(console),
        ConsumeBenchmark.Create(console),
        LatencyBenchmark.Create(console),
    };

    public static Option<string> CreateTopic() => new("--topic") { Description = "The topic", HelpName = "TOPIC", Required = true };

    /// <summary>Settings of the client, under Kafka's names; both of the option's names that Kafka's tools have had.</summary>
    public static Option<string[]> CreateProperties(string name) => new(name, "--command-property")
    {
        Description = "Settings under Kafka's names; may be repeated",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>A file of such settings, and the name that the option had before.</summary>
    public static Option<FileInfo?> CreateConfigFile(params string[] olderNames) => new("--command-config", olderNames)
    {
        Description = "A file of settings under Kafka's names; KEY=VALUE wins over it",
        HelpName = "FILE",
    };

    public static Option<long> CreateReportingInterval() => new("--reporting-interval")
    {
        Description = "Milliseconds between two lines of progress",
        HelpName = "MS",
        DefaultValueFactory = _ => 5000,
    };

    public static Option<bool> CreatePrintMetrics() => new("--print-metrics") { Description = "Print what is known of Kafka's client metrics at the end" };

    public static async Task PrintAsync(CommandContext context, MetricsTable metrics)
    {
        foreach (string line in metrics.Lines())
        {
            await context.Output.WriteLineAsync(line);
        }
    }

    /// <summary>All settings: those of the file, then those of the command line, which win.</summary>
    /// <exception cref="UsageException">The file cannot be read, or a text is not KEY=VALUE.</exception>
    public static async Task<Dictionary<string, string>> ReadPropertiesAsync(
        CommandContext context, Option<FileInfo?> file, Option<string[]> pairs, CancellationToken cancellationToken)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        if (context.Get(file) is { } given)
        {
            string text = await OptionFile.ReadTextAsync(file.Name, given, cancellationToken);
            foreach ((string key, string value) in PropertiesText.Parse(text))
            {
                properties[key] = value;
            }
        }

        foreach ((string key, string value) in KeyValueText.ParseAll(pairs.Name, context.Get(pairs)))
        {
            properties[key] = value;
        }

        return properties;
    }

    /// <summary>An option's number, checked.</summary>
    /// <exception cref="UsageException">It is too small or too large.</exception>
    public static T Within<T>(CommandContext context, Option<T> option, T minimum, T maximum)
        where T : struct, INumber<T>
    {
        T value = context.Get(option);
        return value >= minimum && value <= maximum
            ? value
            : throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"{option.Name}: \"{value}\" is not allowed; allowed are {minimum} to {maximum}."));
    }
}
