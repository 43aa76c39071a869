using Ottla.Records;

namespace Ottla.Coordination.Hosts;

/// <summary>Limits of a coordinator host.</summary>
public sealed record CoordinatorHostOptions
{
    /// <summary>The most commands that wait; more are refused with COORDINATOR_NOT_AVAILABLE, which clients retry.</summary>
    public int MaxWaitingCommands { get; init; } = 10_000;

    /// <summary><c>offsets.load.buffer.size</c>: how much is read at once while loading.</summary>
    public int LoadBufferBytes { get; init; } = 5 * 1024 * 1024;

    /// <summary><c>offsets.topic.compression.codec</c>: what the batches of its log are compressed with.</summary>
    public CompressionCodec BatchCodec { get; init; }

    /// <summary>How long to wait before a timer whose decision could not be appended is tried again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);
}
