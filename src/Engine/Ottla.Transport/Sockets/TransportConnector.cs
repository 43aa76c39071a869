using System.Net;
using System.Net.Sockets;

namespace Ottla.Transport.Sockets;

/// <summary>Opens outgoing connections. Thread-safe.</summary>
public static class TransportConnector
{
    /// <summary>
    /// Connects to <paramref name="host"/>, a name or an address, trying each address that the name stands for.
    /// </summary>
    /// <exception cref="SocketException">No address answered, or the name is not known.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static async ValueTask<TransportConnection> ConnectAsync(
        string host, int port, TransportOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        EndPoint target = IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            return new TransportConnection(socket, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
