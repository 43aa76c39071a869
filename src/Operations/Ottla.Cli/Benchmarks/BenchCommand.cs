using System.CommandLine;
using Ottla.Cli.CommandLine;

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
}
