using Microsoft.Extensions.Logging;
using Ottla.Storage.Files;
using Ottla.Storage.Segments;

namespace Ottla.Storage;

/// <summary>What all logs of a node share.</summary>
internal sealed class StorageContext
{
    public required IFileSystem Files { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Where reads go that have to wait for a disk.</summary>
    public required IWorkQueue ReadQueue { get; init; }

    public required ClosedSegmentCache ClosedSegments { get; init; }

    /// <summary>Source of segment jitter; guarded by itself.</summary>
    public required Random Random { get; init; }

    /// <summary><c>producer.id.expiration.ms</c>.</summary>
    public long ProducerIdExpirationMilliseconds { get; set; } = 86_400_000;

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
