namespace Ottla.Coordination.Metadata;

/// <summary>A snapshot as it was read.</summary>
/// <param name="Id">What it stands for.</param>
/// <param name="LastContainedTimestamp">When the last record that it stands for was written, in milliseconds since 1970.</param>
/// <param name="Batches">Its records.</param>
public sealed record MetadataSnapshot(SnapshotId Id, long LastContainedTimestamp, IReadOnlyList<MetadataBatch> Batches);
