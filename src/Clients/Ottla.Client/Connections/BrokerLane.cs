using Microsoft.Extensions.Logging;

namespace Ottla.Client.Connections;

/// <summary>
/// A set of connections, one per broker address, for one kind of traffic. A broker answers in order, so a fetch that waits for data
/// would hold up everything behind it: each producer, each consumer's fetches and each group membership have a lane of their own, all
/// other calls share one. Thread-safe.
/// </summary>
internal sealed class BrokerLane(OttlaClientOptions options, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new(); // guards _connections, _isDisposed and the entries
    private readonly Dictionary<BrokerAddress, Entry> _connections = [];
    private readonly CancellationTokenSource _closing = new();
    private bool _isDisposed;

    /// <summary>The open connection to <paramref name="address"/>, or a new one. Callers at the same time share one attempt.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public ValueTask<BrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(OttlaClient));
            if (!_connections.TryGetValue(address, out Entry? entry) || entry.IsOver)
            {
                Entry? replaced = entry;
                entry = new Entry();
                entry.Opening = OpenAsync(address, entry, replaced);
                _connections[address] = entry;
            }

            return entry.Opened is { } opened
                ? new ValueTask<BrokerConnection>(opened)
                : new ValueTask<BrokerConnection>(entry.Opening.WaitAsync(cancellationToken));
        }
    }

    /// <summary>The connection to <paramref name="address"/> if one is open right now.</summary>
    public BrokerConnection? FindOpen(BrokerAddress address)
    {
        lock (_lock)
        {
            return _connections.TryGetValue(address, out Entry? entry) && !entry.IsOver ? entry.Opened : null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Entry[] entries;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            entries = [.. _connections.Values];
            _connections.Clear();
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        foreach (Entry entry in entries)
        {
            await CloseAsync(entry).ConfigureAwait(false);
        }

        _closing.Dispose();
    }

    private async Task<BrokerConnection> OpenAsync(BrokerAddress address, Entry entry, Entry? replaced)
    {
        await Task.Yield(); // the caller holds the lock
        if (replaced is not null)
        {
            await CloseAsync(replaced).ConfigureAwait(false);
        }

        BrokerConnection connection = await BrokerConnection.OpenAsync(address, options, _closing.Token).ConfigureAwait(false);
        lock (_lock)
        {
            entry.Opened = connection;
        }

        ClientLog.Connected(logger, address.ToString());
        return connection;
    }

    private static async ValueTask CloseAsync(Entry entry)
    {
        BrokerConnection connection;
        try
        {
            connection = await entry.Opening.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            return; // it never opened, and whoever asked for it was told
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Entry
    {
        public Task<BrokerConnection> Opening { get; set; } = Task.FromException<BrokerConnection>(new InvalidOperationException());

        public BrokerConnection? Opened { get; set; }

        /// <summary>Whether it failed to open, or opened and has been lost.</summary>
        public bool IsOver => Opened is { } opened ? !opened.IsOpen : Opening.IsFaulted || Opening.IsCanceled;
    }
}
