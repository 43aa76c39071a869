using static Ottla.Core.Configuration.KeyFactory;

namespace Ottla.Core.Configuration;

/// <summary>Broker keys. The metadata log of the cluster.</summary>
public static class MetadataLogKeys
{
    /// <summary>The size in bytes at which a segment of the metadata log is closed.</summary>
    public static TypedKey<int> MetadataLogSegmentBytes { get; } =
        Int("metadata.log.segment.bytes", 1073741824, IntFrom(8388608), "The size in bytes at which a segment of the metadata log is closed.");

    /// <summary>After how many bytes of new records a snapshot of the metadata is written.</summary>
    public static TypedKey<long> MetadataLogMaxRecordBytesBetweenSnapshots { get; } =
        Long("metadata.log.max.record.bytes.between.snapshots", 20971520, LongFrom(1), "After how many bytes of new records a snapshot of the metadata is written.");

    /// <summary>After how many milliseconds with new records a snapshot of the metadata is written; 0 for never by time.</summary>
    public static TypedKey<long> MetadataLogMaxSnapshotIntervalMs { get; } =
        Long("metadata.log.max.snapshot.interval.ms", 3600000, LongFrom(0), "After how many milliseconds with new records a snapshot of the metadata is written; 0 for never by time.");

    /// <summary>All keys of this group.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        MetadataLogSegmentBytes,
        MetadataLogMaxRecordBytesBetweenSnapshots,
        MetadataLogMaxSnapshotIntervalMs,
    ];
}
