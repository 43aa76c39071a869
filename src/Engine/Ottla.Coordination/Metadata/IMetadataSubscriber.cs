using Ottla.Core.Metadata;

namespace Ottla.Coordination.Metadata;

/// <summary>Follows the metadata. Called for one change after another, never for two at once.</summary>
public interface IMetadataSubscriber
{
    /// <summary>
    /// Takes in one committed change; the first one is everything there is. It is awaited before the image is published and before the
    /// request that caused the change is answered, so that a topic that was created can be written to. A failure is logged.
    /// </summary>
    /// <param name="delta">What changed.</param>
    /// <param name="image">The image after the change.</param>
    /// <param name="cancellationToken">The node stops: what is not taken in now is taken in at the next start.</param>
    ValueTask ApplyAsync(MetadataDelta delta, MetadataImage image, CancellationToken cancellationToken);
}
