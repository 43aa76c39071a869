using Ottla.Protocol;

namespace Ottla.Client.Consuming;

/// <summary>One leader as the fetcher sees it: at most one fetch under way, and the next only when what it brought was taken.</summary>
internal sealed class FetchTarget(BrokerId broker)
{
    public BrokerId Broker => broker;

    public bool IsUnderWay { get; set; }

    /// <summary>Chunks of this leader that nobody has taken yet.</summary>
    public int QueuedChunks { get; set; }
}
