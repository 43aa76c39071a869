namespace Ottla.Storage.Indexes;

/// <summary>
/// An entry of the time index: no batch up to the one whose last offset is <c>base + RelativeOffset</c>, that batch included, has a
/// timestamp later than <c>Timestamp</c>, and that batch has it.
/// </summary>
internal readonly record struct TimestampOffset(long Timestamp, int RelativeOffset)
{
    /// <summary>No timestamp seen yet.</summary>
    public static TimestampOffset None => new(-1, -1);
}
