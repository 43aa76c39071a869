using System.Collections.Concurrent;
using Ottla.Client.Connections;
using Ottla.Client.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Records;
using Ottla.Transport.Links;

namespace Ottla.Client.Producing;

/// <summary>
/// Sends records. All members are thread-safe; records of one partition are delivered in the order in which they were handed over.
/// Failures come as <see cref="KafkaException"/>, after the retries that <see cref="ProducerOptions.DeliveryTimeout"/> has time for.
/// </summary>
public sealed class Producer : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly ProducerOptions _options;
    private readonly DeliveryLedger _ledger;
    private readonly ProducerSender _sender;
    private readonly ConcurrentDictionary<string, TopicRoute> _routes = new(StringComparer.Ordinal);

    // Records that have to wait for metadata or memory line up here, and while any does, all others line up behind it.
    private readonly SemaphoreSlim _line = new(1, 1);
    private int _lineLength;

    private volatile IdentityHolder? _identity;
    private int _isDisposed;

    internal Producer(Cluster cluster, ProducerOptions options)
    {
        options.Validate();
        _cluster = cluster;
        _options = options;
        _ledger = new DeliveryLedger(options.BufferMemoryBytes);
        _sender = new ProducerSender(cluster, options, _ledger);
        _sender.Start();
    }

    /// <summary>Bytes of records that were accepted and are not delivered yet.</summary>
    public long PendingBytes => _ledger.Memory.UsedBytes;

    /// <summary>
    /// Sends a record; the task ends when the broker has acknowledged it as <see cref="ProducerOptions.Acks"/> asks. Usually the record is
    /// accepted before the call returns, so that many may be under way at once; without room it waits, at most
    /// <see cref="ProducerOptions.MaximumBlock"/>.
    /// </summary>
    /// <exception cref="KafkaException">The record was not delivered, as far as this producer knows.</exception>
    public ValueTask<Delivery> SendAsync(in ProducerRecord record, CancellationToken cancellationToken = default) =>
        TryAppend(record, isPosted: false, out ValueTask<Delivery> delivery)
            ? delivery
            : SendInLineAsync(record, cancellationToken);

    /// <summary>
    /// Hands a record over; the outer task ends when it is accepted, which is how a full buffer slows the caller down, and the inner one,
    /// which the caller must await, when it is delivered.
    /// </summary>
    /// <exception cref="KafkaException">The record was not accepted; the inner task: it was not delivered.</exception>
    public ValueTask<ValueTask<Delivery>> AcceptAsync(in ProducerRecord record, CancellationToken cancellationToken = default) =>
        TryAppend(record, isPosted: false, out ValueTask<Delivery> delivery)
            ? new ValueTask<ValueTask<Delivery>>(delivery)
            : AppendInLineAsync(record, isPosted: false, cancellationToken);

    /// <summary>
    /// Hands a record over without waiting for its delivery; the task ends when the record is accepted, which is how a full buffer slows
    /// the caller down. Failures are told by <see cref="FlushAsync"/>.
    /// </summary>
    public ValueTask PostAsync(in ProducerRecord record, CancellationToken cancellationToken = default) =>
        TryAppend(record, isPosted: true, out _)
            ? ValueTask.CompletedTask
            : PostInLineAsync(record, cancellationToken);

    /// <summary>Sends all that was accepted so far, whatever the linger time, and waits until it is delivered.</summary>
    /// <exception cref="KafkaException">A posted record was not delivered; the first failure since the last call.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        var notDone = new List<ProducerBatch>();
        foreach (TopicRoute route in _routes.Values)
        {
            foreach (PartitionQueue queue in route.State?.Queues ?? [])
            {
                queue.Flush(notDone);
            }
        }

        _sender.Wake();
        foreach (ProducerBatch batch in notDone)
        {
            Task done = batch.WhenDoneAsync();
            await done.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (_ledger.TakeFailure() is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>
    /// Delivers what was accepted, for as long as one request may take, gives up the rest, and closes. Never throws because of a broker.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        using (var limit = new CancellationTokenSource(_cluster.Options.RequestTimeout, _cluster.TimeProvider))
        {
            try
            {
                await FlushAsync(limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is KafkaException or OperationCanceledException)
            {
                ClientLog.ClosedWithUndelivered(_cluster.Logger, exception.Message);
            }
        }

        await _sender.DisposeAsync().ConfigureAwait(false);
    }

    private bool TryAppend(in ProducerRecord record, bool isPosted, out ValueTask<Delivery> delivery)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        long bytes = SizeOf(record);
        if (Volatile.Read(ref _lineLength) == 0
            && _routes.TryGetValue(record.Topic, out TopicRoute? route)
            && route.State is { } state
            && _cluster.TimeProvider.GetElapsedTime(state.MadeAt) < _cluster.Options.MetadataMaximumAge
            && _ledger.Memory.TryReserve(bytes))
        {
            delivery = AppendAsync(route, state, record, bytes, isPosted);
            return true;
        }

        delivery = default;
        return false;
    }

    private async ValueTask<Delivery> SendInLineAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        ValueTask<Delivery> delivery = await AppendInLineAsync(record, isPosted: false, cancellationToken).ConfigureAwait(false);
        return await delivery.ConfigureAwait(false);
    }

    private async ValueTask PostInLineAsync(ProducerRecord record, CancellationToken cancellationToken) =>
        _ = await AppendInLineAsync(record, isPosted: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Appends after all that waited before, once topic, producer id and memory are there.</summary>
    private async ValueTask<ValueTask<Delivery>> AppendInLineAsync(ProducerRecord record, bool isPosted, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lineLength);
        try
        {
            await _line.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                using var timeout = new CancellationTokenSource(_options.MaximumBlock, _cluster.TimeProvider);
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
                return await PrepareAndAppendAsync(record, isPosted, linked.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new KafkaException(
                    ErrorCode.RequestTimedOut, $"A record for {record.Topic} was not accepted within {_options.MaximumBlock.TotalSeconds} s: no metadata, or the buffer is full.");
            }
            finally
            {
                _line.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _lineLength);
        }
    }

    private async ValueTask<ValueTask<Delivery>> PrepareAndAppendAsync(ProducerRecord record, bool isPosted, CancellationToken cancellationToken)
    {
        (TopicRoute route, TopicRoute.RouteState state) = await RouteAsync(record.Topic, cancellationToken).ConfigureAwait(false);
        long bytes = SizeOf(record);
        await _ledger.Memory.ReserveAsync(bytes, cancellationToken).ConfigureAwait(false);
        return AppendAsync(route, state, record, bytes, isPosted);
    }

    private ValueTask<Delivery> AppendAsync(TopicRoute route, TopicRoute.RouteState state, in ProducerRecord record, long bytes, bool isPosted)
    {
        PartitionQueue queue;
        try
        {
            queue = state.Queues[ChoosePartition(route, state.Topic, record, bytes)];
        }
        catch
        {
            _ledger.Memory.Release(bytes);
            throw;
        }

        long timestamp = record.TimestampMilliseconds ?? _cluster.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var stamp = new AppendStamp(_cluster.TimeProvider.GetTimestamp(), timestamp, bytes);
        ValueTask<Delivery> delivery = queue.AppendAsync(record, stamp, isPosted, out bool wakesSender);
        if (wakesSender)
        {
            _sender.Notice(queue);
        }

        return delivery;
    }

    private static int ChoosePartition(TopicRoute route, TopicMetadata topic, in ProducerRecord record, long bytes)
    {
        if (record.Partition is { } asked)
        {
            return (uint)asked < (uint)topic.Partitions.Count
                ? asked
                : throw new KafkaException(
                    ErrorCode.UnknownTopicOrPartition, $"Topic {topic.Name} has {topic.Partitions.Count} partitions and no partition {asked}.");
        }

        return record.Key is { } key
            ? Murmur2.PartitionOf(key.Span, topic.Partitions.Count)
            : route.Partitioner.Choose(topic, bytes);
    }

    private long SizeOf(in ProducerRecord record)
    {
        ArgumentException.ThrowIfNullOrEmpty(record.Topic);
        long bytes = RecordBatchBuilder.UpperBoundOfRecord(record.Key?.Length ?? 0, record.Value?.Length ?? 0, record.Headers);
        return bytes <= _options.MaximumRequestBytes
            ? bytes
            : throw new KafkaException(
                ErrorCode.MessageTooLarge, $"A record of about {bytes} bytes is larger than the producer's limit of {_options.MaximumRequestBytes}.");
    }

    /// <summary>The topic's queues, made anew when it has got more partitions. Runs one at a time, guarded by the line.</summary>
    private async ValueTask<(TopicRoute Route, TopicRoute.RouteState State)> RouteAsync(string topic, CancellationToken cancellationToken)
    {
        TopicMetadata metadata = await _cluster.Metadata.TopicAsync(topic, _options.MaximumBlock, cancellationToken).ConfigureAwait(false);
        ProducerIdentity identity = await IdentityAsync(cancellationToken).ConfigureAwait(false);
        TopicRoute route = _routes.GetOrAdd(
            topic, static (_, producer) => new TopicRoute(new StickyPartitioner(producer._options.BatchSizeBytes, producer._cluster.Random)), this);
        TopicRoute.RouteState state = ExtendTo(metadata, route.State?.Queues ?? [], identity);
        route.State = state;
        _sender.Metadata.Remember(topic);
        return (route, state);
    }

    private TopicRoute.RouteState ExtendTo(TopicMetadata metadata, PartitionQueue[] existing, ProducerIdentity identity)
    {
        if (existing.Length >= metadata.Partitions.Count)
        {
            return new TopicRoute.RouteState(metadata, existing, _cluster.TimeProvider.GetTimestamp());
        }

        var queues = new PartitionQueue[metadata.Partitions.Count];
        existing.CopyTo(queues, 0);
        for (int index = existing.Length; index < queues.Length; index++)
        {
            queues[index] = new PartitionQueue(new TopicPartition(metadata.Name, new PartitionId(index)), _options, identity);
        }

        return new TopicRoute.RouteState(metadata, queues, _cluster.TimeProvider.GetTimestamp());
    }

    /// <summary>Asks for the producer id once. Runs one at a time, guarded by the line.</summary>
    private async ValueTask<ProducerIdentity> IdentityAsync(CancellationToken cancellationToken)
    {
        if (!_options.IsIdempotent)
        {
            return ProducerIdentity.None;
        }

        if (_identity is { } known)
        {
            return known.Identity;
        }

        ProducerIdentity identity = await _cluster.Retrier
            .CallAsync(InitProducerIdAsync, null, _options.MaximumBlock, cancellationToken)
            .ConfigureAwait(false);
        _identity = new IdentityHolder(identity);
        return identity;
    }

    private async ValueTask<ProducerIdentity> InitProducerIdAsync(CancellationToken cancellationToken)
    {
        BrokerConnection broker = await _cluster.AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
        var request = new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = int.MaxValue };
        using LinkResponse<InitProducerIdResponse> response =
            await broker.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(request, cancellationToken).ConfigureAwait(false);
        return response.Message.ErrorCode == ErrorCode.None
            ? new ProducerIdentity(new ProducerId(response.Message.ProducerId), response.Message.ProducerEpoch)
            : throw KafkaException.Of(response.Message.ErrorCode, ApiKey.InitProducerId, broker.Address.ToString());
    }

    private sealed record IdentityHolder(ProducerIdentity Identity);
}
