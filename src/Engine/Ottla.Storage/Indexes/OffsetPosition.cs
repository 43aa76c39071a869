namespace Ottla.Storage.Indexes;

/// <summary>An entry of the offset index: the batch whose last offset is <c>base + RelativeOffset</c> begins at <c>Position</c>.</summary>
internal readonly record struct OffsetPosition(int RelativeOffset, int Position);
