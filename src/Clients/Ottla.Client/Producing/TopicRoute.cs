using Ottla.Client.Metadata;

namespace Ottla.Client.Producing;

/// <summary>A topic that the producer has met: its newest metadata, its queues by partition, and where records without key go next.</summary>
internal sealed class TopicRoute(StickyPartitioner partitioner)
{
    private volatile RouteState? _state;

    public StickyPartitioner Partitioner => partitioner;

    /// <summary>Metadata and queues as one, which change together; null before the first metadata.</summary>
    public RouteState? State
    {
        get => _state;
        set => _state = value;
    }

    /// <param name="Topic">The topic's metadata.</param>
    /// <param name="Queues">One queue per partition.</param>
    /// <param name="MadeAt">When the metadata was last looked at, as a timestamp of the client's clock.</param>
    internal sealed record RouteState(TopicMetadata Topic, PartitionQueue[] Queues, long MadeAt);
}
