using System.CommandLine;
using System.Text.RegularExpressions;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client;
using Ottla.Client.Consuming;
using Ottla.Client.Metadata;
using Ottla.Client.Offsets;
using Ottla.Protocol;

namespace Ottla.Cli.Benchmarks;

/// <summary><c>ottla bench consume</c>.</summary>
internal static class ConsumeBenchmark
{
    private static readonly Option<string?> Topic = new("--topic") { Description = "The topic", HelpName = "TOPIC" };

    private static readonly Option<string?> Include = new("--include") { Description = "All topics whose whole name matches; internal ones are left out", HelpName = "REGEX" };

    private static readonly Option<long> Count = new("--num-records", "--messages") { Description = "How many records to read", HelpName = "COUNT", Required = true };

    private static readonly Option<string?> Group = new("--group") { Description = "Read as a member of this group, and commit", HelpName = "GROUP" };

    private static readonly Option<bool> FromLatest = new("--from-latest") { Description = "Without a committed offset begin at the end rather than at the beginning" };

    private static readonly Option<int> FetchSize = new("--fetch-size") { Description = "The most bytes of one partition in one fetch", HelpName = "BYTES", DefaultValueFactory = _ => 1024 * 1024 };

    private static readonly Option<int> Timeout = new("--timeout") { Description = "Give up after this many milliseconds without a record", HelpName = "MS", DefaultValueFactory = _ => 10_000 };

    private static readonly Option<long> ReportingInterval = BenchCommand.CreateReportingInterval();

    private static readonly Option<bool> ShowDetails = new("--show-detailed-stats") { Description = "Report as it goes instead of at the end" };

    private static readonly Option<bool> HideHeader = new("--hide-header") { Description = "Leave the names of the columns away" };

    private static readonly Option<string> DateFormat = new("--date-format") { Description = "How to write times, in the letters of Java's SimpleDateFormat", HelpName = "PATTERN", DefaultValueFactory = _ => "yyyy-MM-dd HH:mm:ss:SSS" };

    private static readonly Option<string[]> Properties = BenchCommand.CreateProperties("--consumer-props");

    private static readonly Option<FileInfo?> ConfigFile = BenchCommand.CreateConfigFile("--consumer.config");

    private static readonly Option<bool> PrintMetrics = BenchCommand.CreatePrintMetrics();

    private static readonly Option<string?> SocketBufferSize = new("--socket-buffer-size") { Hidden = true };

    public static Command Create(CliConsole console) => new Command("consume", "Read records from the beginning and measure how fast they come")
    {
        Topic, Include, Count, Group, FromLatest, FetchSize, Timeout, ReportingInterval, ShowDetails, HideHeader, DateFormat, Properties,
        ConfigFile, PrintMetrics, SocketBufferSize,
    }.Runs(console, RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        RequireSense(context);
        var dates = DatePattern.Parse(DateFormat.Name, context.Get(DateFormat)!); // has a default
        Dictionary<string, string> properties = await BenchCommand.ReadPropertiesAsync(context, ConfigFile, Properties, cancellationToken);
        OttlaClientOptions clientOptions = ClientProperties.Apply(CommandContext.ClientDefaults, properties);
        var rebalances = new RebalanceClock(context.Console.TimeProvider);
        ConsumerOptions options = ToOptions(context, properties) with
        {
            PartitionsRevoked = (_, _) => rebalances.BeginAsync(),
            PartitionsAssigned = (_, _) => rebalances.EndAsync(),
        };
        TimeSpan interval = TimeSpan.FromMilliseconds(BenchCommand.Within(context, ReportingInterval, 1, int.MaxValue));
        Regex? include = context.Get(Include) is { } pattern ? OptionPattern.CompileWhole(Include.Name, pattern) : null;
        await using OttlaClient client = context.Connect(clientOptions, ClientProperties.Bootstrap(properties));
        IReadOnlyList<TopicMetadata> topics = await FindTopicsAsync(context, client, include, cancellationToken);
        await using Consumer consumer = client.CreateConsumer(options);
        Place(consumer, options, topics);
        if (!context.Get(HideHeader))
        {
            await context.Output.WriteLineAsync(ProgressReport.ConsumerHeader(context.Get(ShowDetails)));
        }

        var run = new ConsumeRun(consumer, context.Console, rebalances)
        {
            RecordCount = context.Get(Count),
            Limit = TimeSpan.FromMilliseconds(context.Get(Timeout)),
            DetailInterval = context.Get(ShowDetails) ? interval : null,
            Dates = dates,
        };
        await run.RunAsync(cancellationToken);
        if (context.Get(PrintMetrics))
        {
            var metrics = new MetricsTable(clientOptions.ClientId);
            metrics.Add("consumer-fetch-manager-metrics", "records-consumed-total", run.Total.Records);
            metrics.Add("consumer-coordinator-metrics", "assigned-partitions", consumer.Assignment.Count);
            await BenchCommand.PrintAsync(context, metrics);
        }
    }

    private static void RequireSense(CommandContext context)
    {
        if (context.Get(Count) < 1 || context.Get(Timeout) < 1)
        {
            throw new UsageException("--num-records and --timeout are at least 1.");
        }

        if (context.Get(Group) is { Length: 0 })
        {
            throw new UsageException("--group: a group's id cannot be empty.");
        }

        if (context.IsGiven(Topic) == context.IsGiven(Include))
        {
            throw new UsageException("Either --topic or --include says what to read.");
        }

        if (context.IsGiven(SocketBufferSize))
        {
            throw new UsageException("--socket-buffer-size: this client leaves the size of a socket's buffer to the system, leave the option away.");
        }
    }

    /// <summary>Options of the command win over settings, and settings over its defaults.</summary>
    public static ConsumerOptions ToOptions(CommandContext context, Dictionary<string, string> properties)
    {
        ConsumerOptions options = ClientProperties.Apply(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest }, properties);
        options = context.Get(Group) is { } group ? options with { GroupId = group } : options;
        options = context.Get(FromLatest) ? options with { AutoOffsetReset = AutoOffsetReset.Latest } : options;
        return context.IsGiven(FetchSize) ? options with { MaximumPartitionFetchBytes = BenchCommand.Within(context, FetchSize, 1024, int.MaxValue) } : options;
    }

    private static async Task<IReadOnlyList<TopicMetadata>> FindTopicsAsync(
        CommandContext context, OttlaClient client, Regex? include, CancellationToken cancellationToken)
    {
        if (include is null)
        {
            return [await client.Admin.Topics.DescribeAsync(context.Get(Topic)!, cancellationToken)]; // one of the two is given
        }

        TopicMetadata[] matching =
            [.. (await client.Admin.Topics.ListAsync(cancellationToken)).Where(topic => !topic.IsInternal && include.IsMatch(topic.Name))];
        return matching.Length > 0 ? matching : throw new CommandFailedException($"No topic matches \"{context.Get(Include)}\".");
    }

    private static void Place(Consumer consumer, ConsumerOptions options, IReadOnlyList<TopicMetadata> topics)
    {
        if (options.GroupId is not null)
        {
            consumer.Subscribe(topics.Select(topic => topic.Name));
            return;
        }

        List<TopicPartition> partitions =
            [.. topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition)))];
        consumer.Assign(partitions);
        long start = options.AutoOffsetReset == AutoOffsetReset.Latest ? OffsetTime.Latest : OffsetTime.Earliest;
        partitions.ForEach(partition => consumer.SeekToTime(partition, start));
    }
}
