using System.Diagnostics;
using Ottla.Client.Connections;
using Ottla.Client.Metadata;
using Ottla.Client.Waiting;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Producing;

/// <summary>
/// The one loop that decides what a producer sends when. It runs on the thread pool only while there is something to decide, and
/// hands requests to the connections in the order in which it takes the batches.
/// </summary>
internal sealed class ProducerSender : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly ProducerOptions _options;
    private readonly BrokerLane _lane;
    private readonly ProducerMetadata _metadata;
    private readonly DeliveryLedger _ledger;
    private readonly WakeSignal _signal;

    private readonly Lock _lock = new(); // guards _active, _requestsUnderWay, _isStopping and the targets' counts
    private readonly List<PartitionQueue> _active = [];
    private int _requestsUnderWay;
    private bool _isStopping;

    // Only the loop uses these.
    private readonly Dictionary<BrokerId, ProduceTarget> _targets = [];
    private readonly List<PartitionQueue> _round = [];
    private readonly List<ProducerBatch> _expired = [];
    private Task _loop = Task.CompletedTask;

    public ProducerSender(Cluster cluster, ProducerOptions options, DeliveryLedger ledger)
    {
        _cluster = cluster;
        _options = options;
        _ledger = ledger;
        _lane = cluster.OpenLane();
        _signal = new WakeSignal(cluster.TimeProvider);
        _metadata = new ProducerMetadata(cluster, _signal.Wake);
    }

    public ProducerMetadata Metadata => _metadata;

    public void Start() => _loop = RunAsync();

    /// <summary>Has the loop look at a queue that may have something new.</summary>
    public void Notice(PartitionQueue queue)
    {
        lock (_lock)
        {
            if (!queue.IsActive)
            {
                queue.IsActive = true;
                _active.Add(queue);
            }
        }

        _signal.Wake();
    }

    /// <summary>Has the loop look again.</summary>
    public void Wake() => _signal.Wake();

    /// <summary>Stops: what is not delivered by now fails.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isStopping = true;
        }

        _signal.Wake();
        await _lane.DisposeAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _metadata.DisposeAsync().ConfigureAwait(false);
        await _signal.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            TimeSpan wait = Timeout.InfiniteTimeSpan;
            while (DispatchRound(ref wait))
            {
                // Every round takes at most one batch per partition; go on while rounds send something.
            }

            if (IsOver())
            {
                return;
            }

            await _signal.WaitAsync(wait).ConfigureAwait(false);
        }
    }

    private bool IsOver()
    {
        lock (_lock)
        {
            if (!_isStopping || _requestsUnderWay > 0)
            {
                return false;
            }
        }

        FailExpired(static _ => true);
        return true;
    }

    /// <summary>Takes one batch of each queue that may send, and sends one request per leader. Returns whether anything was sent.</summary>
    private bool DispatchRound(ref TimeSpan wait)
    {
        lock (_lock)
        {
            _round.Clear();
            _round.AddRange(_active);
            if (_isStopping)
            {
                return false;
            }
        }

        long now = _cluster.TimeProvider.GetTimestamp();
        FailExpired(createdAt => _cluster.TimeProvider.GetElapsedTime(createdAt, now) > _options.DeliveryTimeout);
        foreach (PartitionQueue queue in _round)
        {
            Collect(queue, now, ref wait);
        }

        bool hasSent = false;
        foreach (ProduceTarget target in _targets.Values)
        {
            if (target.Batches.Count > 0)
            {
                hasSent = true;
                Send(target);
            }
        }

        return hasSent;
    }

    private void Collect(PartitionQueue queue, long now, ref TimeSpan wait)
    {
        if (RemoveIfEmpty(queue))
        {
            return;
        }

        if (_cluster.Metadata.Current.FindLeader(queue.Partition) is not { } leader)
        {
            _metadata.Want(queue.Partition.Topic);
            wait = _cluster.Options.RetryBackoff;
            return;
        }

        ProduceTarget target = TargetOf(leader);
        if (!IsReady(target, now, ref wait))
        {
            return;
        }

        var window = new SendWindow(_cluster.TimeProvider, now, target.Batches.Count == 0 ? long.MaxValue : _options.MaximumRequestBytes - target.BatchBytes);
        if (queue.TakeNext(window, ref wait) is { } batch)
        {
            target.Add(queue, batch);
        }
    }

    private bool RemoveIfEmpty(PartitionQueue queue)
    {
        lock (_lock)
        {
            if (!queue.IsEmpty)
            {
                return false;
            }

            queue.IsActive = false;
            _active.Remove(queue);
            return true;
        }
    }

    private ProduceTarget TargetOf(BrokerNode leader)
    {
        if (!_targets.TryGetValue(leader.Id, out ProduceTarget? target) || target.Address != leader.Address)
        {
            target = new ProduceTarget(leader.Address);
            _targets[leader.Id] = target;
        }

        return target;
    }

    /// <summary>Whether a request may go to the leader now. Opens a connection if there is none, and says no until it stands.</summary>
    private bool IsReady(ProduceTarget target, long now, ref TimeSpan wait)
    {
        lock (_lock)
        {
            if (target.IsConnecting || target.UnderWay >= _options.MaximumInFlightRequests)
            {
                return false;
            }

            target.Connection = _lane.FindOpen(target.Address);
            if (target.Connection is not null)
            {
                return true;
            }

            if (now < target.NotBefore)
            {
                wait = _cluster.TimeProvider.GetElapsedTime(now, target.NotBefore);
                return false;
            }

            target.IsConnecting = true;
            _requestsUnderWay++;
        }

        _ = ConnectAsync(target);
        return false;
    }

    private async Task ConnectAsync(ProduceTarget target)
    {
        bool isConnected = false;
        try
        {
            await _lane.ConnectAsync(target.Address, CancellationToken.None).ConfigureAwait(false);
            isConnected = true;
        }
        catch (Exception exception) when (exception is KafkaException or ObjectDisposedException or OperationCanceledException)
        {
            ClientLog.Lost(_cluster.Logger, target.Address.ToString(), exception.Message);
            _metadata.WantAll();
        }

        lock (_lock)
        {
            target.IsConnecting = false;
            target.FailedAttempts = isConnected ? 0 : target.FailedAttempts + 1;
            target.NotBefore = isConnected ? long.MinValue : After(_cluster.Backoff.Delay(target.FailedAttempts - 1));
            _requestsUnderWay--;
        }

        _signal.Wake();
    }

    private void Send(ProduceTarget target)
    {
        List<(PartitionQueue Queue, ProducerBatch Batch)> batches = target.TakeBatches();
        lock (_lock)
        {
            target.UnderWay++;
            _requestsUnderWay++;
        }

        _ = ExchangeAsync(target, batches);
    }

    /// <summary>Runs up to the hand-over to the connection before it returns, which is what keeps requests in order.</summary>
    private async Task ExchangeAsync(ProduceTarget target, List<(PartitionQueue Queue, ProducerBatch Batch)> batches)
    {
        BrokerConnection broker = target.Connection ?? throw new UnreachableException("Batches were collected for a leader without connection.");
        string name = target.Address.ToString();
        ClusterMetadata metadata = _cluster.Metadata.Current;
        try
        {
            short version = ProduceExchange.ChooseVersion(broker, metadata, batches);
            ProduceRequest request = ProduceExchange.ToRequest(version, _options.Acks, _cluster.Options.RequestTimeout, metadata, batches);
            if (_options.Acks == Acks.None)
            {
                await broker.SendWithoutAnswerAsync(request, version, CancellationToken.None).ConfigureAwait(false);
                SettleAll(batches, static (_, _) => new BatchAnswer(ErrorCode.None, -1, string.Empty, null));
            }
            else
            {
                using LinkResponse<ProduceResponse> response =
                    await ProduceExchange.CallAsync(broker, request, version, _cluster.Options.RequestTimeout).ConfigureAwait(false);
                SettleAll(batches, (_, batch) => ProduceExchange.AnswerFor(batch, response.Message, metadata, name));
            }
        }
        catch (KafkaException exception)
        {
            SettleAll(batches, (_, _) => new BatchAnswer(exception.Error, -1, name, exception.InnerException?.Message ?? exception.Message));
        }

        lock (_lock)
        {
            target.UnderWay--;
            _requestsUnderWay--;
        }

        _signal.Wake();
    }

    private void SettleAll(
        List<(PartitionQueue Queue, ProducerBatch Batch)> batches, Func<PartitionQueue, ProducerBatch, BatchAnswer> answerOf)
    {
        foreach ((PartitionQueue queue, ProducerBatch batch) in batches)
        {
            BatchAnswer answer = answerOf(queue, batch);
            TimeSpan delay = answer.Error == ErrorCode.None ? TimeSpan.Zero : _cluster.Backoff.Delay(batch.Attempts - 1);
            bool hasTime = _cluster.TimeProvider.GetElapsedTime(batch.CreatedAt) + delay < _options.DeliveryTimeout && !IsStopping();
            if (queue.Settle(batch, answer, new RetryAllowance(hasTime, After(delay))))
            {
                _ledger.Settled(batch, answer.Error == ErrorCode.None ? null : answer.ToException(queue.Partition));
            }
            else
            {
                ClientLog.Retrying(_cluster.Logger, batch.Attempts, delay.TotalMilliseconds, answer.Error.KafkaName());
            }

            if (answer.Error.InvalidatesMetadata())
            {
                _metadata.Want(queue.Partition.Topic);
            }
        }
    }

    private void FailExpired(Func<long, bool> isExpired)
    {
        _expired.Clear();
        foreach (PartitionQueue queue in _round)
        {
            queue.TakeExpired(isExpired, _expired);
        }

        foreach (ProducerBatch batch in _expired)
        {
            string reason = IsStopping() ? "the producer was closed before the record was delivered" : "the record could not be delivered in time";
            var failure = new KafkaException(ErrorCode.RequestTimedOut, $"Produce to {batch.Partition} failed: {reason}") { Api = ApiKey.Produce };
            batch.Fail(failure);
            _ledger.Settled(batch, failure);
        }
    }

    private bool IsStopping()
    {
        lock (_lock)
        {
            return _isStopping;
        }
    }

    private long After(TimeSpan delay) =>
        _cluster.TimeProvider.GetTimestamp() + (long)(delay.TotalSeconds * _cluster.TimeProvider.TimestampFrequency);
}
