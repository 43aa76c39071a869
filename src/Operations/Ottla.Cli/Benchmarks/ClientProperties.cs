using System.Globalization;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Producing;
using Ottla.Client;
using Ottla.Client.Consuming;
using Ottla.Client.Producing;

namespace Ottla.Cli.Benchmarks;

/// <summary>Kafka's names for client settings. One that this client cannot honour is an error, never passed over.</summary>
internal static class ClientProperties
{
    private const string BootstrapServers = "bootstrap.servers";
    private const string SecurityProtocol = "security.protocol";

    private static readonly string[] ClientKeys =
    [
        BootstrapServers, "client.id", "default.api.timeout.ms", "metadata.max.age.ms", "request.timeout.ms", "retry.backoff.max.ms",
        "retry.backoff.ms", SecurityProtocol, "socket.connection.setup.timeout.ms",
    ];

    private static readonly string[] ProducerKeys =
    [
        "acks", "batch.size", "buffer.memory", "compression.type", "delivery.timeout.ms", "enable.idempotence", "linger.ms", "max.block.ms",
        "max.in.flight.requests.per.connection", "max.request.size",
    ];

    private static readonly string[] ConsumerKeys =
    [
        "auto.commit.interval.ms", "auto.offset.reset", "check.crcs", "enable.auto.commit", "fetch.max.bytes", "fetch.max.wait.ms",
        "fetch.min.bytes", "group.id", "group.instance.id", "heartbeat.interval.ms", "max.partition.fetch.bytes", "max.poll.interval.ms",
        "session.timeout.ms",
    ];

    /// <summary>The brokers that the properties name, or null.</summary>
    public static string? Bootstrap(IReadOnlyDictionary<string, string> properties) => properties.GetValueOrDefault(BootstrapServers);

    /// <summary>Parts the settings of a producer from those of a consumer; what is neither stays with the producer, which refuses it.</summary>
    public static (Dictionary<string, string> Producing, Dictionary<string, string> Consuming) Part(IReadOnlyDictionary<string, string> properties) => (
        new Dictionary<string, string>(properties.Where(property => !ConsumerKeys.Contains(property.Key)), StringComparer.Ordinal),
        new Dictionary<string, string>(properties.Where(property => ConsumerKeys.Contains(property.Key)), StringComparer.Ordinal));

    /// <summary>Applies what concerns every client. Keys of a producer or a consumer are left to the other two.</summary>
    /// <exception cref="UsageException">A value is wrong.</exception>
    public static OttlaClientOptions Apply(OttlaClientOptions options, IReadOnlyDictionary<string, string> properties)
    {
        if (properties.TryGetValue(SecurityProtocol, out string? protocol))
        {
            OneOf(SecurityProtocol, protocol, "PLAINTEXT"); // what it speaks anyway
        }

        foreach ((string key, string value) in properties)
        {
            options = key switch
            {
                "client.id" => options with { ClientId = NotEmpty(key, value) },
                "default.api.timeout.ms" => options with { CallTimeout = Positive(key, value) },
                "metadata.max.age.ms" => options with { MetadataMaximumAge = Positive(key, value) },
                "request.timeout.ms" => options with { RequestTimeout = Positive(key, value) },
                "retry.backoff.max.ms" => options with { RetryBackoffMaximum = Positive(key, value) },
                "retry.backoff.ms" => options with { RetryBackoff = Positive(key, value) },
                "socket.connection.setup.timeout.ms" => options with { ConnectTimeout = Positive(key, value) },
                _ => options,
            };
        }

        return options;
    }

    /// <exception cref="UsageException">A key is unknown or a value wrong.</exception>
    public static ProducerOptions Apply(ProducerOptions options, IReadOnlyDictionary<string, string> properties)
    {
        foreach ((string key, string value) in properties)
        {
            options = key switch
            {
                "acks" => options with { Acks = ProduceCommand.ParseAcks(OneOf(key, value, "all", "-1", "0", "1")) },
                "batch.size" => options with { BatchSizeBytes = (int)Number(key, value, 1, int.MaxValue) },
                "buffer.memory" => options with { BufferMemoryBytes = Number(key, value, 1, long.MaxValue) },
                "compression.type" => options with { Compression = ProduceCommand.ParseCodec(OneOf(key, value, "none", "gzip", "snappy", "lz4", "zstd")) },
                "delivery.timeout.ms" => options with { DeliveryTimeout = Positive(key, value) },
                "enable.idempotence" => options with { EnableIdempotence = OneOf(key, value, "true", "false") == "true" },
                "linger.ms" => options with { Linger = Milliseconds(key, value) },
                "max.block.ms" => options with { MaximumBlock = Positive(key, value) },
                "max.in.flight.requests.per.connection" => options with { MaximumInFlightRequests = (int)Number(key, value, 1, 5) },
                "max.request.size" => options with { MaximumRequestBytes = (int)Number(key, value, 1024, int.MaxValue) },
                _ when ClientKeys.Contains(key) => options,
                _ => throw Unknown(key, ProducerKeys),
            };
        }

        RequireSense(options);
        return options;
    }

    /// <exception cref="UsageException">A key is unknown or a value wrong.</exception>
    public static ConsumerOptions Apply(ConsumerOptions options, IReadOnlyDictionary<string, string> properties)
    {
        foreach ((string key, string value) in properties)
        {
            options = key switch
            {
                "auto.commit.interval.ms" => options with { AutoCommitInterval = Positive(key, value) },
                "auto.offset.reset" => options with { AutoOffsetReset = OneOf(key, value, "earliest", "latest") == "earliest" ? AutoOffsetReset.Earliest : AutoOffsetReset.Latest },
                "check.crcs" => options with { CheckCrcs = OneOf(key, value, "true", "false") == "true" },
                "enable.auto.commit" => options with { EnableAutoCommit = OneOf(key, value, "true", "false") == "true" },
                "fetch.max.bytes" => options with { FetchMaximumBytes = (int)Number(key, value, 1024, int.MaxValue) },
                "fetch.max.wait.ms" => options with { FetchMaximumWait = Milliseconds(key, value) },
                "fetch.min.bytes" => options with { FetchMinimumBytes = (int)Number(key, value, 0, int.MaxValue) },
                "group.id" => options with { GroupId = NotEmpty(key, value) },
                "group.instance.id" => options with { GroupInstanceId = NotEmpty(key, value) },
                "heartbeat.interval.ms" => options with { HeartbeatInterval = Positive(key, value) },
                "max.partition.fetch.bytes" => options with { MaximumPartitionFetchBytes = (int)Number(key, value, 1024, int.MaxValue) },
                "max.poll.interval.ms" => options with { MaximumPollInterval = Positive(key, value) },
                "session.timeout.ms" => options with { SessionTimeout = Positive(key, value) },
                _ when ClientKeys.Contains(key) => options,
                _ => throw Unknown(key, ConsumerKeys),
            };
        }

        if (options.SessionTimeout < options.HeartbeatInterval)
        {
            throw new UsageException("session.timeout.ms is at least heartbeat.interval.ms.");
        }

        return options;
    }

    private static void RequireSense(ProducerOptions options)
    {
        if (options.EnableIdempotence == true && options.Acks != Acks.All)
        {
            throw new UsageException("enable.idempotence=true needs acks=all.");
        }

        if (options.BufferMemoryBytes < options.MaximumRequestBytes)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"buffer.memory is at least max.request.size, which is {options.MaximumRequestBytes}."));
        }
    }

    private static UsageException Unknown(string key, string[] allowed) => key == "transactional.id"
        ? new UsageException("transactional.id: Ottla has no transactions yet, leave the setting away.")
        : new UsageException($"{key} is no setting of this client; allowed are {string.Join(", ", allowed.Concat(ClientKeys))}.");

    private static string OneOf(string key, string value, params string[] allowed) => allowed.Contains(value)
        ? value
        : throw new UsageException($"{key}: \"{value}\" is not allowed; allowed are {string.Join(", ", allowed)}.");

    private static string NotEmpty(string key, string value) => value.Length > 0 ? value : throw new UsageException($"{key} cannot be empty.");

    private static TimeSpan Positive(string key, string value) => TimeSpan.FromMilliseconds(Number(key, value, 1, int.MaxValue));

    private static TimeSpan Milliseconds(string key, string value) => TimeSpan.FromMilliseconds(Number(key, value, 0, int.MaxValue));

    private static long Number(string key, string value, long minimum, long maximum) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= minimum && number <= maximum
            ? number
            : throw new UsageException(
                string.Create(CultureInfo.InvariantCulture, $"{key}: \"{value}\" is not allowed; allowed are {minimum} to {maximum}."));
}
