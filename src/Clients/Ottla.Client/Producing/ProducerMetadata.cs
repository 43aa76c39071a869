using Ottla.Client.Connections;

namespace Ottla.Client.Producing;

/// <summary>Refreshes a producer's topics in the background, one request at a time, no more often than the retry backoff allows.</summary>
internal sealed class ProducerMetadata(Cluster cluster, Action refreshed) : IAsyncDisposable
{
    private readonly Lock _lock = new(); // guards everything below
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private Task _refresh = Task.CompletedTask;
    private bool _isRunning;

    /// <summary>Asks for a topic's metadata.</summary>
    public void Want(string topic)
    {
        lock (_lock)
        {
            _known.Add(topic);
            _wanted.Add(topic);
            StartIfIdle();
        }
    }

    /// <summary>Asks for all topics that were ever asked for, and for the brokers.</summary>
    public void WantAll()
    {
        lock (_lock)
        {
            _wanted.UnionWith(_known);
            StartIfIdle();
        }
    }

    /// <summary>Remembers a topic, for <see cref="WantAll"/>.</summary>
    public void Remember(string topic)
    {
        lock (_lock)
        {
            _known.Add(topic);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task refresh;
        lock (_lock)
        {
            _isRunning = true; // nothing starts any more
            refresh = _refresh;
        }

        await refresh.ConfigureAwait(false);
        _stopping.Dispose();
    }

    // Called under the lock.
    private void StartIfIdle()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            _refresh = RefreshAsync();
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                // The wait comes first: what made somebody ask has usually only just begun to change.
                await Task.Delay(cluster.Backoff.Delay(attempt), cluster.TimeProvider, _stopping.Token).ConfigureAwait(false);
                string[] topics = TakeWanted();
                if (topics.Length == 0)
                {
                    return;
                }

                try
                {
                    await cluster.Metadata.RefreshAsync(topics, _stopping.Token).ConfigureAwait(false);
                    attempt = -1;
                    refreshed();
                }
                catch (KafkaException exception)
                {
                    ClientLog.Retrying(cluster.Logger, attempt + 1, 0, exception.Message);
                    PutBack(topics);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The producer is being closed.
        }
    }

    private string[] TakeWanted()
    {
        lock (_lock)
        {
            string[] topics = [.. _wanted];
            _wanted.Clear();
            _isRunning = topics.Length > 0;
            return topics;
        }
    }

    private void PutBack(string[] topics)
    {
        lock (_lock)
        {
            _wanted.UnionWith(topics);
        }
    }
}
