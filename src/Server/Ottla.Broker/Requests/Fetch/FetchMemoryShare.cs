namespace Ottla.Broker.Requests.Fetch;

/// <summary>What one response holds of the memory for fetches; given back by disposing it, once.</summary>
internal sealed class FetchMemoryShare(FetchMemory memory, long bytes) : IDisposable
{
    public void Dispose() => memory.Release(bytes);
}
