using Ottla.Core.Metadata;

namespace Ottla.Coordination.Metadata;

/// <summary>One batch of the metadata log, or of a snapshot.</summary>
/// <param name="LastOffset">The offset of its last record.</param>
/// <param name="Epoch">The controller epoch in which it was written.</param>
/// <param name="Timestamp">When it was written, in milliseconds since 1970.</param>
/// <param name="Records">Its records; none in a control batch.</param>
public sealed record MetadataBatch(long LastOffset, int Epoch, long Timestamp, IReadOnlyList<MetadataRecord> Records);
