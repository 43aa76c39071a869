using System.Net;
using System.Net.Sockets;

namespace Ottla.Crash.Tests;

/// <summary>
/// Many bare connections that never read. They end with a reset, because thousands of orderly closes use up the ephemeral ports.
/// </summary>
internal sealed class ClientSockets(int port) : IAsyncDisposable
{
    private const int AtOnce = 50;

    private readonly List<Socket> _sockets = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task OpenAsync(int count)
    {
        for (int opened = 0; opened < count; opened += AtOnce)
        {
            Socket[] some = [.. Enumerable.Range(0, Math.Min(AtOnce, count - opened)).Select(static _ => NewSocket())];
            _sockets.AddRange(some);
            await Task.WhenAll(some.Select(socket => socket.ConnectAsync(IPAddress.Loopback, port, Cancellation).AsTask()));
        }
    }

    /// <summary>Sends the same bytes on every so many of the connections.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, int every = 1)
    {
        foreach (Socket socket in _sockets.Where((_, index) => index % every == 0))
        {
            await socket.SendAsync(bytes, Cancellation);
        }
    }

    public ValueTask DisposeAsync()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        return ValueTask.CompletedTask;
    }

    // With a small buffer, so that what is not read stays with the broker.
    private static Socket NewSocket() =>
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0), ReceiveBufferSize = 4096 };
}
