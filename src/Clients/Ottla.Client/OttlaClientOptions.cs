using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ottla.Client;

/// <summary>How an <see cref="OttlaClient"/> reaches its cluster. Immutable; all defaults are Kafka's unless said otherwise.</summary>
public sealed record OttlaClientOptions
{
    /// <summary>The name under which brokers log, meter and limit this client (Kafka: <c>client.id</c>).</summary>
    public string ClientId { get; init; } = "ottla";

    /// <summary>How long one request may wait for its answer before its connection is given up (<c>request.timeout.ms</c>).</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call may take with all its retries (<c>default.api.timeout.ms</c>).</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long connecting to one address may take (<c>socket.connection.setup.timeout.ms</c>).</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the first contact with the cluster may take while every bootstrap address refuses. Kafka's clients try for as long as
    /// the call lasts; this default of 5 seconds tells a wrong address apart from a slow one sooner.
    /// </summary>
    public TimeSpan BootstrapTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait before the first retry; it doubles with each further one (<c>retry.backoff.ms</c>).</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two retries (<c>retry.backoff.max.ms</c>).</summary>
    public TimeSpan RetryBackoffMaximum { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After this time metadata is fetched anew even if nothing failed (<c>metadata.max.age.ms</c>).</summary>
    public TimeSpan MetadataMaximumAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>No answer may be larger than this, in bytes.</summary>
    public int MaximumResponseBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Whether asking for an unknown topic lets the broker create it (<c>allow.auto.create.topics</c>).</summary>
    public bool AllowAutoTopicCreation { get; init; } = true;

    /// <summary>The clock; tests pass a false one.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Seeds the jitter of retries and the choice of partitions; null takes a seed from the system.</summary>
    public int? RandomSeed { get; init; }

    /// <summary>Where the client logs.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(ClientId);
        RequirePositive(RequestTimeout, nameof(RequestTimeout));
        RequirePositive(CallTimeout, nameof(CallTimeout));
        RequirePositive(ConnectTimeout, nameof(ConnectTimeout));
        RequirePositive(BootstrapTimeout, nameof(BootstrapTimeout));
        RequirePositive(RetryBackoff, nameof(RetryBackoff));
        RequirePositive(RetryBackoffMaximum, nameof(RetryBackoffMaximum));
        RequirePositive(MetadataMaximumAge, nameof(MetadataMaximumAge));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumResponseBytes, 1024, nameof(MaximumResponseBytes));
    }

    private static void RequirePositive(TimeSpan value, string name) =>
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, name);
}
