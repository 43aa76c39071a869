namespace Ottla.Replication.Waiting;

/// <summary>A request that waits for something to happen in partitions.</summary>
internal interface IPartitionWaiter
{
    /// <summary>
    /// Says that so many bytes were appended, or that something else happened when it is <see cref="int.MaxValue"/>. True when that ends
    /// the wait: then <see cref="Wake"/> is called. Must be quick.
    /// </summary>
    bool Announce(int appendedBytes);

    /// <summary>Ends the wait. May run the rest of the request on this thread.</summary>
    void Wake();
}
