using Ottla.Records;

namespace Ottla.Client.Producing;

/// <summary>How a <see cref="Producer"/> collects and sends records. Immutable.</summary>
public sealed record ProducerOptions
{
    /// <summary>Who must have a record before it counts as delivered (<c>acks</c>).</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary>
    /// Whether the broker drops what a retry sends twice (<c>enable.idempotence</c>, KIP-98). Null: yes if <see cref="Acks"/> is
    /// <see cref="Acks.All"/>.
    /// </summary>
    public bool? EnableIdempotence { get; init; }

    /// <summary>How batches are compressed (<c>compression.type</c>).</summary>
    public CompressionCodec Compression { get; init; } = CompressionCodec.None;

    /// <summary>The codec's level (<c>compression.gzip.level</c> and its like), or null for its default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>A batch is sent once it holds this many bytes, before compression (<c>batch.size</c>). Kafka's default is 16,384.</summary>
    public int BatchSizeBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// How long a batch that is not full waits for more records (<c>linger.ms</c>). Null, the default, adapts: a batch leaves as soon as
    /// nothing of its partition is under way, so that a lone record never waits and a busy partition fills its batches.
    /// </summary>
    public TimeSpan? Linger { get; init; }

    /// <summary>The most bytes that one request may carry (<c>max.request.size</c>); a larger record is refused at once.</summary>
    public int MaximumRequestBytes { get; init; } = 1024 * 1024;

    /// <summary>The most bytes of records that may wait for delivery (<c>buffer.memory</c>); then sending waits.</summary>
    public long BufferMemoryBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long sending may wait for metadata and memory (<c>max.block.ms</c>).</summary>
    public TimeSpan MaximumBlock { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a record may take from being accepted to being acknowledged, retries included (<c>delivery.timeout.ms</c>).</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How many requests may be under way to one broker (<c>max.in.flight.requests.per.connection</c>), 1 to 5.</summary>
    public int MaximumInFlightRequests { get; init; } = 5;

    internal bool IsIdempotent => EnableIdempotence ?? Acks == Acks.All;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSizeBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumRequestBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferMemoryBytes, MaximumRequestBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumInFlightRequests, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximumInFlightRequests, 5);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(DeliveryTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaximumBlock, TimeSpan.Zero);
        if (EnableIdempotence == true && Acks != Acks.All)
        {
            throw new ArgumentException("An idempotent producer needs Acks.All.", nameof(Acks));
        }

        if (Linger < TimeSpan.Zero)
        {
            throw new ArgumentException("The linger time cannot be negative.", nameof(Linger));
        }
    }
}
