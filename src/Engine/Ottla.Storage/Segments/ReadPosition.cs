namespace Ottla.Storage.Segments;

/// <summary>Where a batch begins that a reader is likely to ask for next.</summary>
internal sealed record ReadPosition(long Offset, LogSegment Segment, int Position);
