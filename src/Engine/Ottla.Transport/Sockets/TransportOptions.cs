namespace Ottla.Transport.Sockets;

/// <summary>How sockets are set up, for accepted and for outgoing connections.</summary>
public sealed record TransportOptions
{
    /// <summary>All defaults: buffers sized by the kernel, which only does so when nobody sets them.</summary>
    public static TransportOptions Default { get; } = new();

    /// <summary>Kernel send buffer in bytes (<c>socket.send.buffer.bytes</c>), or -1 to leave it to the kernel.</summary>
    public int SendBufferBytes { get; init; } = -1;

    /// <summary>Kernel receive buffer in bytes (<c>socket.receive.buffer.bytes</c>), or -1 to leave it to the kernel.</summary>
    public int ReceiveBufferBytes { get; init; } = -1;

    /// <summary>How many connections the kernel may hold before they are accepted (<c>socket.listen.backlog.size</c>).</summary>
    public int ListenBacklog { get; init; } = 50;
}
