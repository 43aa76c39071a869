using System.CommandLine;
using System.Globalization;
using System.Text;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client;
using Ottla.Client.Producing;
using Ottla.Records;

namespace Ottla.Cli.Producing;

/// <summary><c>ottla produce</c>: one record per line of standard input.</summary>
internal static class ProduceCommand
{
    private static readonly Argument<string> Topic = new("topic") { Description = "The topic to write to" };

    private static readonly Option<string?> KeySeparator = new("--key-separator", "-k") { Description = "What stands between key and value; without it records have no key", HelpName = "SEP" };

    private static readonly Option<string[]> Headers = new("--header", "-H") { Description = "A header of every record; may be repeated", HelpName = "NAME=VALUE" };

    private static readonly Option<int?> Partition = new("--partition", "-p") { Description = "The partition to write to" };

    private static readonly Option<string> AcksOption = CreateAcks();

    private static readonly Option<string?> Format = new("--format", "-f") { Description = "How a line is made up: %k key, %v value, %p partition, %T timestamp in ms", HelpName = "FORMAT" };

    private static readonly Option<string> Compression = CreateCompression();

    private static readonly Option<bool> NullIfEmpty = new("--null-if-empty", "-Z") { Description = "An empty key or value is null, so that an empty value is a tombstone" };

    private static readonly Option<bool> AllowCreation = new("--create") { Description = "Let the broker create a topic that does not exist" };

    public static Command Create(CliConsole console)
    {
        return new Command("produce", "Write the lines of standard input to a topic")
        {
            Topic, KeySeparator, Headers, Partition, AcksOption, Format, Compression, NullIfEmpty, AllowCreation,
        }.Runs(console, RunAsync);
    }

    /// <summary>The producer's name for an option's value, as Kafka's tools take it.</summary>
    public static CompressionCodec ParseCodec(string text) => text switch
    {
        "gzip" => CompressionCodec.Gzip,
        "snappy" => CompressionCodec.Snappy,
        "lz4" => CompressionCodec.Lz4,
        "zstd" => CompressionCodec.Zstd,
        _ => CompressionCodec.None,
    };

    /// <summary>The level that <c>acks</c> names.</summary>
    public static Acks ParseAcks(string text) => text switch
    {
        "0" => Acks.None,
        "1" => Acks.Leader,
        _ => Acks.All,
    };

    private static Option<string> CreateAcks()
    {
        var option = new Option<string>("--acks") { Description = "Who must have a record before it counts", DefaultValueFactory = _ => "all" };
        option.AcceptOnlyFromAmong("all", "-1", "0", "1");
        return option;
    }

    private static Option<string> CreateCompression()
    {
        var option = new Option<string>("--compression", "-z") { Description = "How batches are compressed", DefaultValueFactory = _ => "none" };
        option.AcceptOnlyFromAmong("none", "gzip", "snappy", "lz4", "zstd");
        return option;
    }

    private static async Task RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        RecordReader reader = CreateReader(context);
        await using OttlaClient client = context.Connect(CommandContext.ClientDefaults with { AllowAutoTopicCreation = context.Get(AllowCreation) });
        if (!context.Get(AllowCreation))
        {
            // A producer would wait for the topic to appear; whoever sits at a terminal rather wants to know.
            await client.Admin.Topics.DescribeAsync(context.Get(Topic), cancellationToken);
        }

        await using Producer producer = client.CreateProducer(new ProducerOptions
        {
            Acks = ParseAcks(context.Get(AcksOption)!), // has a default
            Compression = ParseCodec(context.Get(Compression)!), // likewise
            MaximumBlock = TimeSpan.FromSeconds(30),
            DeliveryTimeout = TimeSpan.FromSeconds(30),
        });
        using var input = new StreamReader(context.Console.OpenInput(), new UTF8Encoding(false, true), false, 64 * 1024);
        long line = 0;
        while (await ReadLineAsync(input, line + 1, cancellationToken) is { } text)
        {
            line++;
            await producer.PostAsync(reader.Read(text, line), cancellationToken);
        }

        await producer.FlushAsync(cancellationToken);
    }

    private static async Task<string?> ReadLineAsync(StreamReader input, long line, CancellationToken cancellationToken)
    {
        try
        {
            return await input.ReadLineAsync(cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            throw new CommandFailedException(string.Create(CultureInfo.InvariantCulture, $"line {line} of the input is not UTF-8"));
        }
    }

    private static RecordReader CreateReader(CommandContext context)
    {
        string? separator = context.Get(KeySeparator);
        string? format = context.Get(Format);
        if (separator is not null && format is not null)
        {
            throw new UsageException("--key-separator and --format say the same thing: give one of them.");
        }

        LineFormat lines = format is not null ? LineFormat.Parse("--format", format)
            : separator is { Length: > 0 } ? LineFormat.KeyAndValue(Escapes.Read("--key-separator", separator))
            : separator is null ? LineFormat.ValueOnly
            : throw new UsageException("--key-separator: the separator cannot be empty.");
        RecordHeader[] headers = [.. ReadHeaders(context.Get(Headers) ?? [])];
        return new RecordReader(context.Get(Topic), lines, headers, context.Get(Partition), context.Get(NullIfEmpty));
    }

    private static IEnumerable<RecordHeader> ReadHeaders(IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            yield return equals > 0
                ? new RecordHeader(text[..equals], Encoding.UTF8.GetBytes(text[(equals + 1)..]))
                : throw new UsageException($"--header: \"{text}\" is not NAME=VALUE.");
        }
    }
}
