namespace Ottla.Client.Consuming;

/// <summary>What one fetch answer holds of one partition.</summary>
/// <param name="State">The partition.</param>
/// <param name="Version">The partition's version when the fetch was sent; a seek since then makes the chunk stale.</param>
/// <param name="Records">The batches, the last of which may be cut.</param>
/// <param name="Frame">What they are slices of.</param>
internal sealed record FetchedChunk(PartitionFetchState State, int Version, ReadOnlyMemory<byte> Records, FetchedFrame Frame)
{
    public bool IsStale => State.Version != Version;
}
