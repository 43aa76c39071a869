using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Hosting;

/// <summary>Has the partitions of this broker follow the metadata.</summary>
internal sealed class PartitionSubscriber(PartitionSet partitions) : IMetadataSubscriber
{
    private bool _isLoaded;

    public async ValueTask ApplyAsync(MetadataDelta delta, MetadataImage image, CancellationToken cancellationToken)
    {
        await partitions.ApplyAsync(delta, image, cancellationToken);
        if (!_isLoaded)
        {
            _isLoaded = true;
            partitions.ReportLeftOvers(image);
        }
    }
}
