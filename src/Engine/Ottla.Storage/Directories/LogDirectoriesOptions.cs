using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Directories;

/// <summary>How a node keeps its logs. Immutable.</summary>
public sealed record LogDirectoriesOptions
{
    /// <summary><c>log.dirs</c>: absolute paths; each is made when it does not exist.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary><c>node.id</c>.</summary>
    public required BrokerId NodeId { get; init; }

    /// <summary>The cluster that the directories must belong to; null to take what they say, or a new id for new ones.</summary>
    public string? ClusterId { get; init; }

    /// <summary>Where new ids come from.</summary>
    public required Func<Guid> NewId { get; init; }

    /// <summary>Where segment jitter comes from.</summary>
    public required Random Random { get; init; }

    /// <summary>All time comes from here.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Where events are logged.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>The file system.</summary>
    public IFileSystem Files { get; init; } = new LinuxFileSystem();

    /// <summary>A log's options while it is opened; the broker sets the topic's own ones later.</summary>
    public Func<TopicPartition, LogOptions> OptionsOf { get; init; } = _ => new LogOptions();

    /// <summary><c>num.recovery.threads.per.data.dir</c>.</summary>
    public int RecoveryThreads { get; init; } = 2;

    /// <summary>How many reads of all logs may wait for a disk at the same time.</summary>
    public int ReadThreads { get; init; } = 4;

    /// <summary>How many further reads may queue; beyond it a read answers nothing and the client asks again.</summary>
    public int MaxQueuedReads { get; init; } = 4096;

    /// <summary>How many closed segments of all logs keep their file open.</summary>
    public int MaxOpenClosedSegments { get; init; } = 512;

    /// <summary>How much memory the indexes of closed segments take.</summary>
    public long MaxClosedIndexBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How often recovery points, log starts and high watermarks are written.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>log.retention.check.interval.ms</c>.</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>producer.id.expiration.ms</c>.</summary>
    public long ProducerIdExpirationMilliseconds { get; init; } = 86_400_000;

    /// <summary><c>producer.id.expiration.check.interval.ms</c>.</summary>
    public TimeSpan ProducerIdExpirationCheckInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Told once when a directory goes offline, on the thread that found out, which must not be held up.</summary>
    public Action<LogDirectory, Exception>? WhenOffline { get; init; }

    /// <summary>Makes a work queue from its name, thread count and capacity; null for real threads.</summary>
    internal Func<string, int, int, IWorkQueue>? QueueFactory { get; init; }
}
