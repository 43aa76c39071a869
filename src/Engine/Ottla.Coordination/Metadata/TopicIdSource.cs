using Ottla.Core.Controller;
using Ottla.Protocol;

namespace Ottla.Coordination.Metadata;

/// <summary>Makes topic ids as Kafka does: random ones whose text does not begin with a dash, which a command line would take for an option.</summary>
public sealed class TopicIdSource : ITopicIdSource
{
    private readonly Func<Guid> _newId;

    /// <summary>Takes random ids from <paramref name="newId"/>.</summary>
    public TopicIdSource(Func<Guid> newId) => _newId = newId;

    /// <inheritdoc/>
    public TopicId Next()
    {
        while (true)
        {
            TopicId id = new(_newId());
            if (!id.ToString().StartsWith('-') && id != TopicId.None)
            {
                return id;
            }
        }
    }
}
