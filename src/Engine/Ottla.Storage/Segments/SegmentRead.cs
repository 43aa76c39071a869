namespace Ottla.Storage.Segments;

/// <summary>How reading from a segment ended.</summary>
internal enum SegmentRead
{
    /// <summary>Batches were read, or there is nothing to return within the limits.</summary>
    Done,

    /// <summary>The disk has to be waited for.</summary>
    MustWait,

    /// <summary>The segment ends before the offset; the next one goes on.</summary>
    PastEnd,

    /// <summary>No batch stands where one should be.</summary>
    Corrupt,
}
