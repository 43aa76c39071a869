using Ottla.Tests.Processes;

namespace Ottla.Storage.Tests.Support;

/// <summary>Apache Kafka's own tools, where a machine has them: beside the repository, with a Java to run them.</summary>
internal static class ApacheKafka
{
    private static readonly string[] Complaints =
    [
        "Mismatches", "non-secutive", "out of order", "Found timestamp mismatch", "Exception", "corrupt", "isvalid: false", "should be", "ERROR",
    ];

    /// <summary>Why they cannot be run; null when they can.</summary>
    public static string? Missing => BrokerProcess.KafkaProgram is null
        ? "Apache Kafka's tools cannot be run: there is no ../shared/kafka beside the repository, or no java"
        : null;

    /// <summary>Has Kafka's dump tool read the logs with all that belongs to them, and sees to it that nothing is amiss.</summary>
    /// <returns>What the tool tells of batches and records.</returns>
    public static async Task<string> DumpAsync(params IEnumerable<string> logPaths)
    {
        string[] files = [.. logPaths.SelectMany(Directory.GetFiles).Where(IsPartOfLog).Order(StringComparer.Ordinal)];
        string full = await RunAsync("dump-log", "--files", string.Join(',', files), "--print-data-log");
        string checkable = WithoutPayloads(full);
        foreach (string complaint in Complaints)
        {
            int position = checkable.IndexOf(complaint, StringComparison.OrdinalIgnoreCase);
            Assert.True(position < 0, $"{checkable[Math.Max(position, 0)..][..Math.Min(500, checkable.Length - Math.Max(position, 0))]}");
        }

        return full;
    }

    private static bool IsPartOfLog(string path) => Path.GetExtension(path) is ".log" or ".index" or ".timeindex" or ".txnindex" or ".snapshot";

    private static string WithoutPayloads(string output) =>
        string.Join('\n', output.Split('\n').Select(line => line.Split(" payload: ")[0]));

    private static async Task<string> RunAsync(params string[] arguments)
    {
        CommandResult result = await ChildProcess.RunAsync(Command(arguments), CancellationToken.None);
        result.ExpectExitCode(0);
        return result.Output + result.Error;
    }

    private static CommandLine Command(string[] arguments) =>
        new(BrokerProcess.KafkaProgram ?? throw new InvalidOperationException(Missing), arguments)
        {
            Environment = new Dictionary<string, string?> { ["KAFKA_HEAP"] = "256m", ["JAVA_TOOL_OPTIONS"] = "-XX:TieredStopAtLevel=1" },
        };
}
