using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Coordination.Metadata;

/// <summary>How the embedded metadata log is kept.</summary>
public sealed record LocalMetadataLogOptions
{
    /// <summary>The node's id, which is the log's one voter.</summary>
    public required BrokerId NodeId { get; init; }

    /// <summary>The file system of the log directories.</summary>
    public IFileSystem Files { get; init; } = new LinuxFileSystem();

    /// <summary>Wall clock and timers.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Where events are logged.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary><c>metadata.log.dir</c>, one of the log directories; null for any. A log that stands somewhere stays there.</summary>
    public string? Directory { get; init; }

    /// <summary><c>metadata.log.segment.bytes</c>.</summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary><c>metadata.log.max.record.bytes.between.snapshots</c>.</summary>
    public long MaxBytesBetweenSnapshots { get; init; } = 20 * 1024 * 1024;

    /// <summary><c>metadata.log.max.snapshot.interval.ms</c>; 0 or less for no limit.</summary>
    public long MaxSnapshotIntervalMilliseconds { get; init; } = 60 * 60 * 1000;

    /// <summary>Where waiting for the disk is done; null for a thread of the log's own.</summary>
    public IWorkQueue? WorkQueue { get; init; }

    /// <summary>What the log tells its segments: nothing is deleted but what a snapshot replaces.</summary>
    public LogOptions ToLogOptions() => new()
    {
        SegmentBytes = SegmentBytes,
        RetentionMilliseconds = -1,
        RetentionBytes = -1,
        DeleteOldSegments = false,
    };
}
