using Ottla.Protocol;

namespace Ottla.Client.Consuming;

/// <summary>The buffer of a fetch answer, shared by the chunks that are slices of it; given back with the last one.</summary>
internal sealed class FetchedFrame(PooledBuffer? buffer, int chunks)
{
    private int _left = chunks;
    private bool _isKept;

    /// <summary>Leaves the buffer to the garbage collector, because somebody may keep slices of it.</summary>
    public void Keep() => Volatile.Write(ref _isKept, true);

    public void Release()
    {
        if (Interlocked.Decrement(ref _left) == 0 && !Volatile.Read(ref _isKept))
        {
            buffer?.Dispose();
        }
    }
}
