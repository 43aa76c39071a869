using System.Collections.Concurrent;
using Ottla.Broker.Authorization;
using Ottla.Broker.Requests;
using Ottla.Transport.Sockets;

namespace Ottla.Broker.Connections;

/// <summary>All open connections of a broker: counts them, looks after the idle ones once a second, and ends them at a stop. Thread-safe.</summary>
internal sealed class ConnectionSet : IAsyncDisposable
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, RunningConnection> _connections = new();
    private readonly ConnectionParts _parts;
    private readonly ITimer _ticker;
    private long _lastId;

    public ConnectionSet(ConnectionParts parts)
    {
        _parts = parts;
        Limits = new ConnectionLimits(parts.Options);
        _ticker = parts.TimeProvider.CreateTimer(static state => ((ConnectionSet)state!).Tick(), this, TickPeriod, TickPeriod); // the state is this set
    }

    public ConnectionLimits Limits { get; }

    /// <summary>How many connections of one listener are open.</summary>
    public long CountOf(ListenerName listener) => _connections.Values.Count(running => running.Listener == listener);

    /// <summary>Serves a connection that was accepted, or closes it when its address has too many.</summary>
    public void Add(TransportConnection transport, ListenerName listener)
    {
        System.Net.IPAddress address = transport.RemoteEndPoint.Address;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (!Limits.TryEnter(address))
        {
            ConnectionsLog.TooManyFromAddress(_parts.Logger, address);
            transport.Abort();
            return;
        }

        long id = Interlocked.Increment(ref _lastId);
        ConnectionsLog.Opened(_parts.Logger, id, transport.RemoteEndPoint, listener);
        var source = new RequestSource
        {
            ClientHost = address.ToString(),
            Listener = listener,
            Principal = Principal.Anonymous,
            DeadlineMilliseconds = _parts.Options.MaxIdleMilliseconds < 0 ? int.MaxValue : _parts.Options.MaxIdleMilliseconds,
        };
        var running = new RunningConnection(new Connection(id, transport, source, _parts), listener);
        _connections[id] = running;
        running.Completion = RunAsync(id, running.Connection, address);
    }

    /// <summary>Lets requests that are under way finish, then closes every connection; cuts those that take too long.</summary>
    public async Task StopAsync()
    {
        RunningConnection[] open = [.. _connections.Values];
        foreach (RunningConnection running in open)
        {
            running.Connection.StopReading();
        }

        Task all = Task.WhenAll(open.Select(static running => running.Completion));
        try
        {
            await all.WaitAsync(_parts.Options.StopTimeout, _parts.TimeProvider);
        }
        catch (TimeoutException)
        {
            ConnectionsLog.CutAtStop(_parts.Logger, _connections.Count, _parts.Options.StopTimeout);
            foreach (RunningConnection running in open)
            {
                running.Connection.Abort("the broker stops");
                running.Connection.Cancel();
            }

            await all;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ticker.DisposeAsync();
        await StopAsync();
    }

    private async Task RunAsync(long id, Connection connection, System.Net.IPAddress address)
    {
        await connection.RunAsync();
        _connections.TryRemove(id, out _);
        connection.Dispose();
        Limits.Leave(address);
    }

    private void Tick()
    {
        foreach (KeyValuePair<long, RunningConnection> running in _connections)
        {
            running.Value.Connection.Tick();
        }
    }

    private sealed class RunningConnection(Connection connection, ListenerName listener)
    {
        public Connection Connection { get; } = connection;

        public ListenerName Listener { get; } = listener;

        public Task Completion { get; set; } = Task.CompletedTask;
    }
}
