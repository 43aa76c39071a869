using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Ottla.Core;
using Ottla.Core.Configuration;
using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Coordination.Metadata;

/// <summary>
/// Hosts the controller on the metadata log: one mailbox in which commands are decided, appended and applied one after another, then
/// committed together by one sync, published, and answered. Readers take <see cref="Current"/> and need no lock. Thread-safe.
/// </summary>
public sealed class MetadataHost : IAsyncDisposable
{
    private const int MaxCommandsPerCommit = 512;
    private readonly MetadataHostOptions _options;
    private readonly IMetadataLog _log;
    private readonly ILogger _logger;
    private readonly Channel<PendingCommand> _mailbox;
    private readonly List<IMetadataSubscriber> _subscribers = [];
    private readonly List<(MetadataDelta Delta, MetadataImage Image)> _unpublished = [];
    private readonly List<PendingCommand> _decided = [];
    private readonly ControllerStateMachine _machine;
    private MetadataImage _applied;
    private MetadataImage _current;
    private ITimer? _snapshotTimer;
    private Task _running = Task.CompletedTask;
    private Task _snapshot = Task.CompletedTask;
    private readonly Lock _snapshotLock = new(); // guards _snapshot
    private readonly CancellationTokenSource _stopping = new();
    private long _nextToken;
    private bool _isFailed;

    private MetadataHost(MetadataHostOptions options, IMetadataLog log)
    {
        _options = options;
        _log = log;
        _logger = options.LoggerFactory.CreateLogger("Ottla.Metadata");
        _applied = MetadataImage.Empty(options.ClusterId);
        _current = _applied;
        _machine = new ControllerStateMachine(_applied, options.Configuration, options.TopicIds);
        _mailbox = Channel.CreateBounded<PendingCommand>(new BoundedChannelOptions(options.MaxQueuedCommands) { SingleReader = true });
    }

    /// <summary>The newest committed image. Changes by one reference swap, after those who follow the metadata have taken it in.</summary>
    public MetadataImage Current => Volatile.Read(ref _current);

    /// <summary>
    /// Topics that the log deletes, as far back as it was read; known until the start is over. A snapshot is written of what those who
    /// follow have taken in, so it never hides a deletion that they have not.
    /// </summary>
    public IReadOnlySet<TopicId> DeletedTopics { get; private set; } = ImmutableHashSet<TopicId>.Empty;

    /// <summary>The log underneath.</summary>
    public IMetadataLog Log => _log;

    /// <summary>Loads the metadata, begins a new epoch, and makes the first records of a new cluster. Nothing is published yet.</summary>
    /// <exception cref="InvalidMetadataException">The log is damaged, or belongs to another node.</exception>
    /// <exception cref="IOException">The log takes no appends.</exception>
    public static async Task<MetadataHost> OpenAsync(MetadataHostOptions options, IMetadataLog log, CancellationToken cancellationToken)
    {
        MetadataHost host = new(options, log);
        await host.LoadAsync(cancellationToken);
        return host;
    }

    /// <summary>Adds one who follows the metadata; only before <see cref="StartAsync"/>. They are told in the order in which they came.</summary>
    public void Subscribe(IMetadataSubscriber subscriber) => _subscribers.Add(subscriber);

    /// <summary>
    /// Registers this node's broker, publishes the metadata and begins to take commands.
    /// </summary>
    /// <param name="registration">What the broker says of itself; its cluster id is filled in.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The broker's epoch.</returns>
    /// <exception cref="IOException">The registration could not be made durable.</exception>
    public async Task<long> StartAsync(BrokerRegistrationRequest registration, CancellationToken cancellationToken)
    {
        registration.ClusterId = _options.ClusterId;
        long brokerEpoch = _log.EndOffset;
        await WriteNowAsync(token => new ControllerCommand.RegisterBroker(token, registration, brokerEpoch));
        _unpublished.Clear();
        MetadataDelta everything = Everything(_applied);
        foreach (IMetadataSubscriber subscriber in _subscribers)
        {
            // Whoever can't take in what there is at the start can't serve: the exception ends the start.
            await subscriber.ApplyAsync(everything, _applied, cancellationToken);
        }

        DeletedTopics = ImmutableHashSet<TopicId>.Empty;
        Volatile.Write(ref _current, _applied);
        _logger.BrokerRegistered(registration.BrokerId, brokerEpoch);
        cancellationToken.ThrowIfCancellationRequested();
        _snapshotTimer = _options.TimeProvider.CreateTimer(static state => ((MetadataHost)state!).WriteSnapshotWhenDue(), this, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)); // The state is this host.
        _running = RunAsync();
        return brokerEpoch;
    }

    /// <summary>
    /// Has a command decided, and waits until what it changes is committed and taken in by those who follow the metadata.
    /// </summary>
    /// <typeparam name="TResponse">The response of the command's API.</typeparam>
    /// <param name="command">Makes the command for a token. The request in it is not changed any more.</param>
    /// <param name="cancellationToken">Stops waiting; the command is carried out all the same.</param>
    public async ValueTask<MetadataAnswer<TResponse>> SubmitAsync<TResponse>(
        Func<RequestToken, ControllerCommand> command,
        CancellationToken cancellationToken)
        where TResponse : class, IMessage
    {
        PendingCommand pending = new(command);
        if (!_mailbox.Writer.TryWrite(pending))
        {
            return new MetadataAnswer<TResponse>(_running.IsCompleted ? ErrorCode.BrokerNotAvailable : ErrorCode.ThrottlingQuotaExceeded, null);
        }

        MetadataAnswer<IMessage> answer = await pending.Answer.WaitAsync(cancellationToken);
        return new MetadataAnswer<TResponse>(answer.Error, (TResponse?)answer.Response);
    }

    /// <summary>Creates topics, as CreateTopics does.</summary>
    public ValueTask<MetadataAnswer<CreateTopicsResponse>> CreateTopicsAsync(
        CreateTopicsRequest request,
        bool capReplicationFactor,
        CancellationToken cancellationToken) =>
        SubmitAsync<CreateTopicsResponse>(token => new ControllerCommand.CreateTopics(token, request, capReplicationFactor), cancellationToken);

    /// <summary>Hands out a block of producer ids to this node's broker.</summary>
    public ValueTask<MetadataAnswer<AllocateProducerIdsResponse>> AllocateProducerIdsAsync(BrokerId broker, CancellationToken cancellationToken)
    {
        long epoch = Current.Brokers.TryGetValue(broker, out BrokerImage? registered) ? registered.Epoch : -1;
        AllocateProducerIdsRequest request = new() { BrokerId = broker.Value, BrokerEpoch = epoch };
        return SubmitAsync<AllocateProducerIdsResponse>(token => new ControllerCommand.AllocateProducerIds(token, request), cancellationToken);
    }

    /// <summary>
    /// Takes no more commands, refuses those that wait, and stops. What is committed already is taken in by those who follow at the next
    /// start. The log is the caller's to close.
    /// </summary>
    public async Task StopAsync()
    {
        _mailbox.Writer.TryComplete();
        await _stopping.CancelAsync();
        if (_snapshotTimer is { } timer)
        {
            await timer.DisposeAsync();
        }

        await _running;
        await _snapshot;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static MetadataDelta Everything(MetadataImage image)
    {
        MetadataDelta delta = new(MetadataImage.Empty(image.ClusterId));
        foreach (MetadataRecord record in MetadataImageRecords.ToRecords(image))
        {
            delta.Apply(record);
        }

        return delta;
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        long next = 0;
        int epoch = 0;
        if (_log.Snapshot is { } snapshot)
        {
            Apply(snapshot.Batches.SelectMany(static batch => batch.Records));
            (next, epoch) = (snapshot.Id.EndOffset, snapshot.Id.Epoch);
        }

        await foreach (MetadataBatch batch in _log.ReadFromAsync(next, cancellationToken))
        {
            Apply(batch.Records);
            (next, epoch) = (batch.LastOffset + 1, batch.Epoch);
        }

        bool isNew = next == 0;
        Require(await _log.BeginEpochAsync(cancellationToken));
        if (_machine.HasOpenTransaction)
        {
            await WriteNowAsync([new MetadataRecord(MetadataRecordType.AbortTransaction, 0, new AbortTransactionRecord { Reason = "The controller changed." })]);
        }

        (MetadataDelta loaded, _applied) = _machine.TakeImage(_log.EndOffset - 1, _log.Epoch);
        DeletedTopics = loaded.Topics.DeletedIds;
        if (isNew || _applied.Features.IsEmpty)
        {
            await WriteNowAsync(static token => new ControllerCommand.Bootstrap(token));
        }

        WarnOfStoredValues();
        _logger.MetadataLoaded(
            _applied.Topics.ByName.Count, _applied.Topics.ByName.Values.Sum(static topic => topic.Partitions.Length), _applied.Offset, _log.Epoch);
    }

    /// <summary>Kafka stores some values that are refused here. They have no effect, and nobody should have to guess that.</summary>
    private void WarnOfStoredValues()
    {
        foreach ((ConfigResource resource, ImmutableSortedDictionary<string, string> values) in _applied.Configs.ByResource)
        {
            foreach ((string name, string value) in values)
            {
                ConfigurationKey? key = resource.Type == ConfigResourceType.Topic ? TopicKeys.Find(name) : BrokerKeys.Find(name);
                if (key?.Check(value) is { } problem)
                {
                    _logger.StoredValuePassedOver(resource.Type.ToString(), resource.Name, problem);
                }
            }
        }
    }

    private void Apply(IEnumerable<MetadataRecord> records)
    {
        foreach (MetadataRecord record in records)
        {
            _machine.ApplyRecord(record);
        }
    }

    /// <summary>Decides and commits one command while the mailbox is not served yet.</summary>
    private async Task WriteNowAsync(Func<RequestToken, ControllerCommand> command)
    {
        Decision<MetadataRecord, NoEvent, IMessage, NoTimer> decision = _machine.Decide(command(new RequestToken(_nextToken++)), Now());
        await WriteNowAsync(decision.Records);
    }

    private async Task WriteNowAsync(IReadOnlyList<MetadataRecord> records)
    {
        Require(_log.Append(records, _log.Epoch).Error);
        Require(await _log.CommitAsync());
        Apply(records);
        _applied = _machine.TakeImage(_log.EndOffset - 1, _log.Epoch).Image;
    }

    private static void Require(ErrorCode error)
    {
        if (error != ErrorCode.None)
        {
            throw new IOException($"The metadata log takes no records: {error.KafkaName()}.");
        }
    }

    private async Task RunAsync()
    {
        ChannelReader<PendingCommand> reader = _mailbox.Reader;
        while (await reader.WaitToReadAsync())
        {
            try
            {
                while (_decided.Count < MaxCommandsPerCommit && reader.TryRead(out PendingCommand? pending))
                {
                    Decide(pending);
                }

                await CommitAsync();
                WriteSnapshotWhenDue();
            }
            catch (Exception exception)
            {
                // Log and state may disagree from here on, so nothing more is decided; what is published stays readable.
                _logger.HostFailed(exception);
                FailDecided(ErrorCode.KafkaStorageError);
            }
        }
    }

    private void Decide(PendingCommand pending)
    {
        if (_isFailed || _stopping.IsCancellationRequested)
        {
            pending.Fail(_isFailed ? ErrorCode.KafkaStorageError : ErrorCode.BrokerNotAvailable);
            return;
        }

        // From here on the answer comes from the commit, or from whatever stops it.
        _decided.Add(pending);
        ControllerCommand command = pending.ToCommand(new RequestToken(_nextToken++));
        Decision<MetadataRecord, NoEvent, IMessage, NoTimer> decision;
        try
        {
            decision = _machine.Decide(command, Now());
        }
        catch (Exception exception)
        {
            // A bug in one decision: the request that met it fails, and the state it read stands as it was.
            _logger.CommandFailed(command.GetType().Name, exception);
            pending.Fail(ErrorCode.UnknownServerError);
            return;
        }

        if (decision.Records.Count > 0 && AppendAndApply(command, decision.Records) is var error and not ErrorCode.None)
        {
            pending.Fail(error);
            return;
        }

        pending.Decided = decision.Replies[0].Answer;
    }

    private ErrorCode AppendAndApply(ControllerCommand command, IReadOnlyList<MetadataRecord> records)
    {
        MetadataAppend append = _log.Append(records, _log.Epoch);
        if (append.Error != ErrorCode.None)
        {
            return append.Error;
        }

        Apply(records);
        (MetadataDelta delta, _applied) = _machine.TakeImage(append.LastOffset, _log.Epoch);
        _unpublished.Add((delta, _applied));
        _logger.CommandApplied(command.GetType().Name, records.Count, append.LastOffset);
        return ErrorCode.None;
    }

    private async Task CommitAsync()
    {
        ErrorCode error = _unpublished.Count > 0 ? await _log.CommitAsync() : ErrorCode.None;
        if (error != ErrorCode.None)
        {
            FailDecided(error);
            return;
        }

        foreach ((MetadataDelta delta, MetadataImage image) in _unpublished)
        {
            if (!_stopping.IsCancellationRequested)
            {
                await PublishAsync(delta, image);
            }
        }

        // One that was refused before has its answer, and keeps it.
        _decided.ForEach(static pending => pending.Complete());
        _unpublished.Clear();
        _decided.Clear();
    }

    private void FailDecided(ErrorCode error)
    {
        _isFailed = true;
        _logger.MetadataLogFailed();
        _decided.ForEach(pending => pending.Fail(error));
        _unpublished.Clear();
        _decided.Clear();
    }

    private async ValueTask PublishAsync(MetadataDelta delta, MetadataImage image)
    {
        foreach (IMetadataSubscriber subscriber in _subscribers)
        {
            try
            {
                await subscriber.ApplyAsync(delta, image, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The change is committed; one follower that failed must not keep the others from it.
                _logger.SubscriberFailed(image.Offset, exception);
            }
        }

        Volatile.Write(ref _current, image);
    }

    /// <summary>Called from the mailbox and from the timer; of two at once, one finds the other's snapshot under way.</summary>
    private void WriteSnapshotWhenDue()
    {
        lock (_snapshotLock)
        {
            if (_snapshot.IsCompleted && _log.IsSnapshotDue)
            {
                _snapshot = _log.WriteSnapshotAsync(Current);
            }
        }
    }

    private Instant Now()
    {
        TimeProvider time = _options.TimeProvider;
        return new Instant(
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds);
    }
}
