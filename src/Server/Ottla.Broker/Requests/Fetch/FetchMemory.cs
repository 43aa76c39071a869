namespace Ottla.Broker.Requests.Fetch;

/// <summary>
/// Bounds the bytes of records that the responses of all fetches hold until they are sent, so that many clients who read slowly cannot
/// take all memory. A fetch that finds nothing left still reads its first batch: everybody gets on, with smaller responses. Thread-safe.
/// </summary>
internal sealed class FetchMemory
{
    private readonly long _limitInBytes;
    private long _used;

    /// <param name="limitInBytes">The limit; -1 for a quarter of the memory that this process may use.</param>
    public FetchMemory(long limitInBytes)
    {
        _limitInBytes = limitInBytes >= 0 ? limitInBytes : Math.Max(64L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
    }

    public long UsedBytes => Interlocked.Read(ref _used);

    /// <summary>Takes as much of <paramref name="wanted"/> as is left, maybe nothing, and answers how much that is.</summary>
    public int Reserve(int wanted)
    {
        while (true)
        {
            long used = Interlocked.Read(ref _used);
            int granted = (int)Math.Clamp(_limitInBytes - used, 0, wanted);
            if (granted == 0 || Interlocked.CompareExchange(ref _used, used + granted, used) == used)
            {
                return granted;
            }
        }
    }

    /// <summary>Gives bytes back; takes them, over the limit if it must be, when there are fewer than none.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _used, -bytes);
}
