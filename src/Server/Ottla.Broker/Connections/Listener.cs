using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Ottla.Transport.Sockets;

namespace Ottla.Broker.Connections;

/// <summary>One named listener: bound first, accepting only once the broker can serve.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly TransportListener _transport;
    private readonly ConnectionSet _connections;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _accepting = Task.CompletedTask;

    private Listener(ListenerOptions options, TransportListener transport, ConnectionSet connections, TimeProvider timeProvider, ILogger logger)
    {
        Options = options;
        _transport = transport;
        _connections = connections;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    public ListenerOptions Options { get; }

    /// <summary>What it is bound to.</summary>
    public IPEndPoint EndPoint => _transport.LocalEndPoint;

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static async ValueTask<Listener> BindAsync(
        ListenerOptions options, TransportOptions transportOptions, ConnectionSet connections, ConnectionParts parts, CancellationToken cancellationToken)
    {
        TransportListener transport = await TransportListener.BindAsync(options.Host, options.Port, transportOptions, cancellationToken);
        return new Listener(options, transport, connections, parts.TimeProvider, parts.Logger);
    }

    /// <summary>Starts to accept.</summary>
    public void Start()
    {
        ConnectionsLog.Listening(_logger, Options.Name, EndPoint);
        _accepting = AcceptAsync();
    }

    /// <summary>Stops accepting; connections live on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _transport.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _connections.Limits.WaitForRoomAsync(_stopping.Token);
                if (await _transport.AcceptAsync(_stopping.Token) is { } connection)
                {
                    _connections.Add(connection, Options.Name);
                }
            }
            catch (Exception exception) when (_stopping.IsCancellationRequested && exception is (OperationCanceledException or SocketException or ObjectDisposedException))
            {
                return;
            }
            catch (Exception exception)
            {
                // Mostly out of file descriptors: connections that close will free some.
                ConnectionsLog.AcceptFailed(_logger, Options.Name, exception);
                await Task.Delay(PauseAfterFailure, _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
