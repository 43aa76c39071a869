using System.Globalization;
using System.Text.RegularExpressions;
using Ottla.Protocol;
using Ottla.Storage.Producers;
using Ottla.Tests.Processes;

namespace Ottla.Storage.Tests.Support;

/// <summary>Apache Kafka's own tools, where a machine has them: beside the repository, with a Java to run them.</summary>
internal static partial class ApacheKafka
{
    private static readonly string[] Complaints =
    [
        "Mismatches", "non-secutive", "out of order", "Found timestamp mismatch", "Exception", "corrupt", "isvalid: false", "should be", "ERROR",
    ];

    /// <summary>Why they cannot be run; null when they can.</summary>
    public static string? Missing => BrokerProcess.KafkaProgram is null
        ? "Apache Kafka's tools cannot be run: there is no ../shared/kafka beside the repository, or no java"
        : null;

    /// <summary>Starts a tool.</summary>
    public static ChildProcess Start(params string[] arguments) => ChildProcess.Start(Command(arguments));

    /// <summary>Has Kafka's dump tool read the logs with all that belongs to them, and sees to it that nothing is amiss.</summary>
    /// <returns>What the tool tells of batches and records.</returns>
    public static async Task<string> DumpAsync(params IEnumerable<string> logPaths)
    {
        string[] files = [.. logPaths.SelectMany(Directory.GetFiles).Where(IsPartOfLog).Order(StringComparer.Ordinal)];
        string full = await RunAsync("dump-log", "--files", string.Join(',', files), "--print-data-log");
        string checkable = NoRecords().Replace(WithoutPayloads(full), string.Empty);
        foreach (string complaint in Complaints)
        {
            int position = checkable.IndexOf(complaint, StringComparison.OrdinalIgnoreCase);
            Assert.True(position < 0, $"{checkable[Math.Max(position, 0)..][..Math.Min(500, checkable.Length - Math.Max(position, 0))]}");
        }

        return full;
    }

    /// <summary>The producers that each snapshot file holds, as Kafka reads it.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<ActiveProducer>>> DumpProducersAsync(IEnumerable<string> snapshots)
    {
        const string Title = "Dumping ";
        string output = await RunAsync("dump-log", "--files", string.Join(',', snapshots));
        return output.Split(Title, StringSplitOptions.RemoveEmptyEntries).ToDictionary(
            section => section.Split('\n')[0],
            section => (IReadOnlyList<ActiveProducer>)[.. Producer().Matches(section).Select(ToProducer)]);
    }

    private static ActiveProducer ToProducer(Match match) => new(
        new ProducerId(Number(match, "id")),
        (short)Number(match, "epoch"),
        match.Groups["sequence"].Success ? (int)Number(match, "sequence") : -1,
        Number(match, "time"),
        (int)Number(match, "coordinator"),
        match.Groups["first"].Success ? Number(match, "first") : -1);

    // Of a segment in which compaction left bare headers, the tool finds fault with Kafka's own time index.
    [GeneratedRegex(@"Found timestamp mismatch in :\S+\s+Index timestamp: \d+, log timestamp: -1\b")]
    private static partial Regex NoRecords();

    [GeneratedRegex(@"^producerId: (?<id>\d+) producerEpoch: (?<epoch>\d+) coordinatorEpoch: (?<coordinator>-?\d+) currentTxnFirstOffset: OptionalLong(\[(?<first>\d+)\]|\.empty) lastTimestamp: (?<time>-?\d+)( firstSequence: -?\d+ lastSequence: (?<sequence>-?\d+) .*)?$", RegexOptions.Multiline)]
    private static partial Regex Producer();

    private static long Number(Match match, string group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

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
