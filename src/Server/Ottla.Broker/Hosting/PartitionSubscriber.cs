using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Hosting;

/// <summary>Has the partitions of this broker follow the metadata.</summary>
internal sealed class PartitionSubscriber(PartitionSet partitions, MetadataHost metadata) : IMetadataSubscriber
{
    private bool _isLoaded;

    public async ValueTask ApplyAsync(MetadataDelta delta, MetadataImage image, CancellationToken cancellationToken)
    {
        if (!_isLoaded)
        {
            // A topic's name may be taken by a new one, whose log needs the place.
            await partitions.RemoveStraysAsync(image, metadata.DeletedTopics);
            _isLoaded = true;
        }

        await partitions.ApplyAsync(delta, image, cancellationToken);
    }
}
