using Ottla.Protocol;

namespace Ottla.Core.Controller;

/// <summary>Gives ids for new topics. Injected, so that a seed reproduces a run.</summary>
public interface ITopicIdSource
{
    /// <summary>An id that was never given before.</summary>
    TopicId Next();
}
