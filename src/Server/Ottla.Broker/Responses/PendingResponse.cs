using Ottla.Broker.Requests;
using Ottla.Protocol;

namespace Ottla.Broker.Responses;

/// <summary>The place of one request in its connection's order of responses, with what lives until the response is sent.</summary>
internal sealed class PendingResponse
{
    private readonly PooledBuffer _frame;
    private readonly short _headerVersion;

    public PendingResponse(RequestContext context, PooledBuffer frame, short headerVersion)
    {
        Context = context;
        _frame = frame;
        _headerVersion = headerVersion;
        FrameBytes = frame.Length;
    }

    public RequestContext Context { get; }

    public int FrameBytes { get; }

    public short HeaderVersion => _headerVersion;

    /// <summary>The response, or null when the request has none. Set once, before <see cref="IsComplete"/>.</summary>
    public IMessage? Body { get; set; }

    public bool IsComplete { get; set; }

    public void Release()
    {
        Body = null;
        Context.Release();
        _frame.Dispose();
    }
}
