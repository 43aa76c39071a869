using System.CommandLine;
using System.Globalization;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client;
using Ottla.Client.Producing;

namespace Ottla.Cli.Benchmarks;

/// <summary><c>ottla bench produce</c>.</summary>
internal static class ProduceBenchmark
{
    private const int MaximumLatencySamples = 500_000;

    private static readonly Option<string> Topic = BenchCommand.CreateTopic();

    private static readonly Option<long> Count = new("--num-records") { Description = "How many records to send", HelpName = "COUNT", Required = true };

    private static readonly Option<int> Size = new("--record-size") { Description = "Bytes of each value", HelpName = "BYTES", DefaultValueFactory = _ => 1024 };

    private static readonly Option<FileInfo?> PayloadFile = new("--payload-file") { Description = "A file of values in UTF-8, of which each record has one by chance", HelpName = "FILE" };

    private static readonly Option<string> PayloadDelimiter = new("--payload-delimiter") { Description = "The regular expression that parts values in the file", HelpName = "REGEX", DefaultValueFactory = _ => "\\n" };

    private static readonly Option<bool> PayloadMonotonic = new("--payload-monotonic") { Description = "The values are the numbers from 0" };

    private static readonly Option<double> Throughput = new("--throughput") { Description = "Records per second; -1 for as many as go", DefaultValueFactory = _ => -1 };

    private static readonly Option<long> Warmup = new("--warmup-records") { Description = "Report once more without this many first records", HelpName = "COUNT", DefaultValueFactory = _ => 0 };

    private static readonly Option<long> ReportingInterval = BenchCommand.CreateReportingInterval();

    private static readonly Option<string[]> Properties = BenchCommand.CreateProperties("--producer-props");

    private static readonly Option<FileInfo?> ConfigFile = BenchCommand.CreateConfigFile("--producer.config");

    private static readonly Option<bool> PrintMetrics = BenchCommand.CreatePrintMetrics();

    private static readonly Option<string?> TransactionalId = new("--transactional-id") { Hidden = true };

    private static readonly Option<string?> TransactionDuration = new("--transaction-duration-ms") { Hidden = true };

    public static Command Create(CliConsole console) => new Command("produce", "Send records and measure how fast they are acknowledged")
    {
        Topic, Count, Size, PayloadFile, PayloadDelimiter, PayloadMonotonic, Throughput, Warmup, ReportingInterval, Properties, ConfigFile,
        PrintMetrics, TransactionalId, TransactionDuration,
    }.Runs(console, RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        RequireSense(context);
        var interval = TimeSpan.FromMilliseconds(BenchCommand.Within(context, ReportingInterval, 1, int.MaxValue));
        Dictionary<string, string> properties = await BenchCommand.ReadPropertiesAsync(context, ConfigFile, Properties, cancellationToken);
        ProducerOptions options = ClientProperties.Apply(new ProducerOptions { MaximumRequestBytes = 10 * 1024 * 1024 }, properties);
        OttlaClientOptions clientOptions = ClientProperties.Apply(CommandContext.ClientDefaults, properties);
        Payloads payloads = await CreatePayloadsAsync(context, cancellationToken);
        await using OttlaClient client = context.Connect(clientOptions, ClientProperties.Bootstrap(properties));
        await client.Admin.Topics.DescribeAsync(context.Get(Topic)!, cancellationToken); // the option is required
        await using Producer producer = client.CreateProducer(options);
        if (context.Get(Warmup) > 0)
        {
            await context.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"Warmup first {context.Get(Warmup)} records. Steady state results will print after the complete test summary."));
        }

        await MeasureAsync(
            context,
            new ProduceRun(producer, context.Console.TimeProvider)
            {
                Topic = context.Get(Topic)!, // likewise
                RecordCount = context.Get(Count),
                WarmupCount = context.Get(Warmup),
                SampleEvery = Math.Max(1, context.Get(Count) / MaximumLatencySamples),
                Payloads = payloads,
            },
            interval,
            cancellationToken);
        if (context.Get(PrintMetrics))
        {
            await BenchCommand.PrintAsync(context, CollectMetrics(context, options, clientOptions.ClientId, producer));
        }
    }

    /// <summary>What is known once everything was acknowledged: a record that was not would have ended the run.</summary>
    private static MetricsTable CollectMetrics(CommandContext context, ProducerOptions options, string clientId, Producer producer)
    {
        var metrics = new MetricsTable(clientId);
        string topic = context.Get(Topic)!; // the option is required
        metrics.Add("producer-metrics", "record-send-total", context.Get(Count));
        metrics.Add("producer-metrics", "record-error-total", 0);
        metrics.Add("producer-metrics", "buffer-total-bytes", options.BufferMemoryBytes);
        metrics.Add("producer-metrics", "buffer-available-bytes", options.BufferMemoryBytes - producer.PendingBytes);
        metrics.AddOfTopic("producer-topic-metrics", "record-send-total", topic, context.Get(Count));
        metrics.AddOfTopic("producer-topic-metrics", "record-error-total", topic, 0);
        return metrics;
    }

    private static async Task MeasureAsync(CommandContext context, ProduceRun run, TimeSpan interval, CancellationToken cancellationToken)
    {
        var pacer = new Pacer(context.Get(Throughput), context.Console.TimeProvider);
        Task sending = run.SendAsync(pacer, cancellationToken);
        using var ticks = new PeriodicTimer(interval, context.Console.TimeProvider);
        while (await Task.WhenAny(sending, ticks.WaitForNextTickAsync(cancellationToken).AsTask()) != sending)
        {
            foreach (string line in run.TakeProgress())
            {
                await context.Output.WriteLineAsync(line);
            }

            await context.Output.FlushAsync(cancellationToken);
        }

        await sending;
        foreach (string line in run.Summary())
        {
            await context.Output.WriteLineAsync(line);
        }
    }

    private static void RequireSense(CommandContext context)
    {
        if (context.Get(Size) < 0 || context.Get(Count) < 1)
        {
            throw new UsageException("--num-records is at least 1 and --record-size at least 0.");
        }

        BenchCommand.Within(context, Warmup, 0, context.Get(Count) - 1);
        Option[] kinds = [Size, PayloadFile, PayloadMonotonic];
        if (kinds.Count(context.IsGiven) > 1)
        {
            throw new UsageException("--record-size, --payload-file and --payload-monotonic exclude each other.");
        }

        Option[] transactional = [TransactionalId, TransactionDuration];
        if (transactional.FirstOrDefault(context.IsGiven) is { } option)
        {
            throw new UsageException($"{option.Name}: Ottla has no transactions yet, leave the option away.");
        }
    }

    private static async Task<Payloads> CreatePayloadsAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Get(PayloadMonotonic))
        {
            return Payloads.Numbers();
        }

        if (context.Get(PayloadFile) is not { } file)
        {
            return Payloads.OfSize(context.Get(Size));
        }

        string text = await OptionFile.ReadDataAsync(PayloadFile.Name, file, cancellationToken);
        var payloads = Payloads.Split(text, context.Get(PayloadDelimiter)!); // has a default
        await context.Output.WriteLineAsync($"Reading payloads from: {file.FullName}");
        await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Number of records read: {payloads.Count}"));
        return payloads;
    }
}
