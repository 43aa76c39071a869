using Ottla.Protocol;

namespace Ottla.Transport.Links;

/// <summary>An answer, with the buffer that its byte fields are slices of. Whoever asked disposes it, once, after the last use of those.</summary>
/// <typeparam name="TResponse">The response type.</typeparam>
public sealed class LinkResponse<TResponse> : IDisposable
{
    private PooledBuffer? _frame;

    internal LinkResponse(TResponse message, PooledBuffer frame)
    {
        Message = message;
        _frame = frame;
        SizeInBytes = frame.Length;
    }

    /// <summary>The answer.</summary>
    public TResponse Message { get; }

    /// <summary>How many bytes came over the wire.</summary>
    public int SizeInBytes { get; }

    /// <summary>Moves the ownership of the buffer to the caller; null when it was taken or disposed before.</summary>
    public PooledBuffer? TakeFrame() => Interlocked.Exchange(ref _frame, null);

    /// <summary>Gives the buffer back, unless it was taken.</summary>
    public void Dispose() => TakeFrame()?.Dispose();
}
