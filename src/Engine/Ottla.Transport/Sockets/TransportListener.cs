using System.Net;
using System.Net.Sockets;

namespace Ottla.Transport.Sockets;

/// <summary>Accepts TCP connections on one address. One accept is under way at a time.</summary>
public sealed class TransportListener : IDisposable
{
    private readonly Socket _socket;
    private readonly TransportOptions _options;

    private TransportListener(Socket socket, TransportOptions options)
    {
        _socket = socket;
        _options = options;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!; // a bound TCP socket has one
    }

    /// <summary>The address that is listened on, with the port that the kernel chose when 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>
    /// Binds and listens. An empty host, <c>0.0.0.0</c> and <c>::</c> mean every interface; a name means the first of its addresses.
    /// </summary>
    /// <exception cref="SocketException">The address is in use, is not one of this machine, or the name is not known.</exception>
    public static async ValueTask<TransportListener> BindAsync(
        string host, int port, TransportOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        IPAddress address = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            // Not ReuseAddress: .NET makes that SO_REUSEPORT, with which two brokers would share a port and each get half of the clients.
            // Bind sets SO_REUSEADDR itself, so that a restart need not wait for connections of the last run in TIME_WAIT.
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(options.ListenBacklog);
            return new TransportListener(socket, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next connection; null when the client was gone before it was accepted.</summary>
    /// <exception cref="SocketException">The process has no file descriptor left, or the listener is broken.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        Socket socket = await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return new TransportConnection(socket, _options);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Stops listening; connections that were accepted live on.</summary>
    public void Dispose() => _socket.Dispose();

    private static async ValueTask<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (host.Length == 0)
        {
            return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return address;
        }

        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        return Array.Find(addresses, candidate => candidate.AddressFamily == AddressFamily.InterNetwork)
            ?? (addresses.Length > 0 ? addresses[0] : throw new SocketException((int)SocketError.HostNotFound));
    }
}
