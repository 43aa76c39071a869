namespace Ottla.Storage.Segments;

/// <summary>
/// Bounds how many closed segments have a file handle and indexes in memory, over all logs: the one that was read least recently gives
/// them up, and opens them again when it is read.
/// </summary>
/// <param name="maxSegments">How many segments may be open.</param>
/// <param name="maxIndexBytes">How much memory their indexes may take.</param>
internal sealed class ClosedSegmentCache(int maxSegments, long maxIndexBytes)
{
    private readonly Lock _lock = new(); // guards the fields below
    private readonly LinkedList<LogSegment> _recent = new();
    private readonly Dictionary<LogSegment, LinkedListNode<LogSegment>> _nodes = [];
    private long _indexBytes;

    /// <summary>Takes note that a segment is in use, and closes others when there are too many.</summary>
    public void Touch(LogSegment segment)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(segment, out LinkedListNode<LogSegment>? node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
            }
            else
            {
                _nodes.Add(segment, _recent.AddFirst(segment));
            }

            int size = segment.IndexBytesInMemory;
            _indexBytes += size - segment.CachedIndexBytes;
            segment.CachedIndexBytes = size;
            while (_recent.Count > 1 && (_recent.Count > maxSegments || _indexBytes > maxIndexBytes))
            {
                LogSegment oldest = _recent.Last!.Value; // the list has two or more
                RemoveUnderLock(oldest);
                oldest.ReleaseResources();
            }
        }
    }

    /// <summary>Forgets a segment that is deleted.</summary>
    public void Remove(LogSegment segment)
    {
        lock (_lock)
        {
            RemoveUnderLock(segment);
        }
    }

    private void RemoveUnderLock(LogSegment segment)
    {
        if (_nodes.Remove(segment, out LinkedListNode<LogSegment>? node))
        {
            _recent.Remove(node);
            _indexBytes -= segment.CachedIndexBytes;
            segment.CachedIndexBytes = 0;
        }
    }
}
