using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client;
using Ottla.Client.Producing;

namespace Ottla.Cli.Benchmarks;

/// <summary><c>ottla bench produce</c>.</summary>
internal static class ProduceBenchmark
{
    private const int MaximumLatencySamples = 500_000;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    private static readonly Option<string> Topic = BenchCommand.CreateTopic();

    private static readonly Option<long> Count = new("--num-records") { Description = "How many records to send", HelpName = "COUNT", Required = true };

    private static readonly Option<int> Size = new("--record-size") { Description = "Bytes of each value", HelpName = "BYTES", DefaultValueFactory = _ => 1024 };

    private static readonly Option<double> Throughput = new("--throughput") { Description = "Records per second; -1 for as many as go", DefaultValueFactory = _ => -1 };

    private static readonly Option<string[]> Properties = BenchCommand.CreateProperties("--producer-props");

    public static Command Create(CliConsole console) => new Command("produce", "Send records and measure how fast they are acknowledged")
    {
        Topic, Count, Size, Throughput, Properties,
    }.Runs(console, RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        Dictionary<string, string> properties = KeyValueText.ParseAll("--producer-props", context.Get(Properties));
        ProducerOptions options = ClientProperties.Apply(new ProducerOptions { MaximumRequestBytes = 10 * 1024 * 1024 }, properties);
        if (context.Get(Size) < 0 || context.Get(Count) < 1)
        {
            throw new UsageException("--num-records is at least 1 and --record-size at least 0.");
        }

        await using OttlaClient client = context.Connect(bootstrap: ClientProperties.Bootstrap(properties));
        await client.Admin.Topics.DescribeAsync(context.Get(Topic)!, cancellationToken); // the option is required
        await using Producer producer = client.CreateProducer(options);
        var run = new ProduceRun(producer, context.Console.TimeProvider)
        {
            Topic = context.Get(Topic)!, // likewise
            RecordCount = context.Get(Count),
            SampleEvery = Math.Max(1, context.Get(Count) / MaximumLatencySamples),
            Value = CreateValue(context.Get(Size)),
        };
        var pacer = new Pacer(context.Get(Throughput), context.Console.TimeProvider);
        Task sending = run.SendAsync(pacer, cancellationToken);
        using var ticks = new PeriodicTimer(ReportInterval, context.Console.TimeProvider);
        while (await Task.WhenAny(sending, ticks.WaitForNextTickAsync(cancellationToken).AsTask()) != sending)
        {
            await context.Output.WriteLineAsync(run.TakeProgress());
            await context.Output.FlushAsync(cancellationToken);
        }

        await sending;
        await context.Output.WriteLineAsync(run.Summary());
    }

    /// <summary>Upper-case letters from a fixed seed, as Kafka's tool sends: every run is alike.</summary>
    private static byte[] CreateValue(int size)
    {
        var random = new Random(0);
        var value = new byte[size];
        for (int index = 0; index < size; index++)
        {
            value[index] = (byte)('A' + random.Next(26));
        }

        return value;
    }
}
