using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Ottla.Core;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Coordination.Hosts;

/// <summary>
/// Runs one machine on one partition. Commands go through a mailbox and are decided one at a time: decide, append the records as a
/// batch, apply them and the events, set timers, answer what rests on stored state when that is committed. Nothing is applied that was
/// not appended, so a failed append leaves nothing to undo. Loading replays the log first. <see cref="SubmitAsync"/> may be called from
/// any thread; the machine is touched by the mailbox alone.
/// </summary>
/// <typeparam name="TCommand">The machine's commands.</typeparam>
/// <typeparam name="TRecord">Its durable records.</typeparam>
/// <typeparam name="TEvent">Its volatile events.</typeparam>
/// <typeparam name="TReply">Its replies.</typeparam>
/// <typeparam name="TTimer">Its timer keys.</typeparam>
public sealed class CoordinatorHost<TCommand, TRecord, TEvent, TReply, TTimer> : IAsyncDisposable
    where TCommand : class
    where TRecord : class
    where TReply : class
    where TTimer : notnull
{
    private readonly CoordinatorHostParts<TCommand, TRecord, TEvent, TReply, TTimer> _parts;
    private readonly CoordinatorHostOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _startTimestamp;
    private readonly Channel<Letter> _mailbox;
    private readonly CommitQueue<TReply> _commits;
    private readonly CoordinatorBatchWriter<TRecord> _writer;
    private readonly TimerQueue<TTimer> _timers = new();
    private readonly Dictionary<RequestToken, TaskCompletionSource<CoordinatorAnswer<TReply>>> _waiting = [];
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _alarm;
    private Task? _running;
    private long? _alarmDue;
    private bool _alarmRang;
    private long _lastToken;
    private long _refusedCommands;
    private int _state = (int)CoordinatorState.Loading;

    /// <summary>Makes a host that is loading until <see cref="Start"/> has replayed the log.</summary>
    public CoordinatorHost(
        CoordinatorHostParts<TCommand, TRecord, TEvent, TReply, TTimer> parts, CoordinatorHostOptions options, TimeProvider time, ILogger logger)
    {
        _parts = parts;
        _options = options;
        _time = time;
        _logger = logger;
        _startTimestamp = time.GetTimestamp();
        _mailbox = Channel.CreateBounded<Letter>(new BoundedChannelOptions(options.MaxWaitingCommands) { SingleReader = true });
        _commits = new CommitQueue<TReply>(parts.Log);
        _writer = new CoordinatorBatchWriter<TRecord>(parts.Log, parts.Format, options.BatchCodec, parts.Machine.ApplyRecord);
        _alarm = time.CreateTimer(Ring, this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A command with the request that waits for its answer; neither for the ringing of the alarm.</summary>
    private readonly record struct Letter(TCommand? Command, RequestToken Token, TaskCompletionSource<CoordinatorAnswer<TReply>>? Waiting);

    /// <summary>The partition that holds the records.</summary>
    public TopicPartition Partition => _parts.Partition;

    /// <summary>What the host is doing.</summary>
    public CoordinatorState State => (CoordinatorState)Volatile.Read(ref _state);

    /// <summary>Completes when the host is not loading any more, whether it serves or not.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>How many commands were refused because too many waited.</summary>
    public long RefusedCommands => Interlocked.Read(ref _refusedCommands);

    /// <summary>Begins to load, and to serve when that is done.</summary>
    public void Start() => _running ??= RunAsync();

    /// <summary>
    /// Asks the machine. The answer may come much later, with another command. Until the log is replayed and after the host has stopped
    /// it is an error at once.
    /// </summary>
    /// <param name="create">Makes the command for the token that its reply will carry.</param>
    public Task<CoordinatorAnswer<TReply>> SubmitAsync(Func<RequestToken, TCommand> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        if (RefusalFor(State) is { } refusal)
        {
            return Task.FromResult(new CoordinatorAnswer<TReply>(refusal, null));
        }

        var token = new RequestToken(Interlocked.Increment(ref _lastToken));
        var waiting = new TaskCompletionSource<CoordinatorAnswer<TReply>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_mailbox.Writer.TryWrite(new Letter(create(token), token, waiting)))
        {
            return waiting.Task;
        }

        if (State == CoordinatorState.Active)
        {
            Interlocked.Increment(ref _refusedCommands);
            _logger.MailboxIsFull(_parts.Partition, _options.MaxWaitingCommands);
        }

        ErrorCode error = RefusalFor(State) ?? ErrorCode.CoordinatorNotAvailable;
        return Task.FromResult(new CoordinatorAnswer<TReply>(error, null));
    }

    /// <summary>
    /// Tells the machine something that nobody waits for; while loading it is kept until then. False if the host does not serve any more
    /// or too much waits.
    /// </summary>
    public bool TryPost(TCommand command) =>
        State is CoordinatorState.Loading or CoordinatorState.Active && _mailbox.Writer.TryWrite(new Letter(command, default, null));

    /// <summary>Stops serving: whoever waits is told to look for the new coordinator.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _state, (int)CoordinatorState.Stopped);
        _mailbox.Writer.TryComplete();
        await _stopping.CancelAsync();
        if (_running is { } running)
        {
            await running;
        }

        await _alarm.DisposeAsync();
        await _commits.DisposeAsync();
        FailAllWaiting(ErrorCode.NotCoordinator);
        _stopping.Dispose();
        _writer.Dispose();
    }

    private static ErrorCode? RefusalFor(CoordinatorState state) => state switch
    {
        CoordinatorState.Loading => ErrorCode.CoordinatorLoadInProgress,
        CoordinatorState.Failed => ErrorCode.CoordinatorNotAvailable,
        CoordinatorState.Stopped => ErrorCode.NotCoordinator,
        _ => null,
    };

    private async Task RunAsync()
    {
        // The starter goes on with its own work: loading reads from disk.
        await Task.Yield();
        try
        {
            bool isLoaded = await TryLoadAsync();
            _loaded.SetResult();
            if (isLoaded)
            {
                await ServeAsync();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping; whoever waits is answered by DisposeAsync.
            _loaded.TrySetResult();
        }
    }

    private async ValueTask<bool> TryLoadAsync()
    {
        long started = _time.GetTimestamp();
        var loader = new CoordinatorLoader<TRecord>(_parts.Format, _parts.Machine.ApplyRecord);
        try
        {
            while (await loader.LoadAsync(_parts.Log, _options.LoadBufferBytes, _stopping.Token) is var error and not ErrorCode.None)
            {
                _logger.ReadFailed(_parts.Partition, loader.NextOffset, error);
                await Task.Delay(_options.RetryDelay, _time, _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is MalformedMessageException or MalformedRecordsException)
        {
            // Going on without the record would forget what a group has committed.
            _logger.RecordIsMalformed(_parts.Partition, loader.NextOffset, exception);
            Volatile.Write(ref _state, (int)CoordinatorState.Failed);
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _logger.LoadFailed(_parts.Partition, exception);
            Volatile.Write(ref _state, (int)CoordinatorState.Failed);
            return false;
        }

        _logger.Loaded(_parts.Partition, loader.RecordCount, loader.NextOffset, (long)_time.GetElapsedTime(started).TotalMilliseconds);
        _commits.StartAt(loader.NextOffset - 1);
        Process(_parts.LoadedCommand, default);
        Interlocked.CompareExchange(ref _state, (int)CoordinatorState.Active, (int)CoordinatorState.Loading);
        return true;
    }

    private async ValueTask ServeAsync()
    {
        await foreach (Letter letter in _mailbox.Reader.ReadAllAsync(_stopping.Token))
        {
            if (letter.Command is { } command)
            {
                if (letter.Waiting is { } waiting)
                {
                    _waiting.Add(letter.Token, waiting);
                }

                Process(command, letter.Token);
            }

            FireDueTimers();
            if (State != CoordinatorState.Active)
            {
                FailAllWaiting(RefusalFor(State) ?? ErrorCode.CoordinatorNotAvailable);
            }
        }
    }

    /// <summary>False if the command's records could not be appended, so that nothing has changed.</summary>
    private bool Process(TCommand command, RequestToken token)
    {
        if (State == CoordinatorState.Failed)
        {
            return true;
        }

        Decision<TRecord, TEvent, TReply, TTimer> decision;
        try
        {
            decision = _parts.Machine.Decide(command, Now());
        }
        catch (Exception exception)
        {
            // Deciding changes nothing, so the next command finds the state whole.
            _logger.DecideFailed(_parts.Partition, command.GetType().Name, exception);
            Fail(token, ErrorCode.UnknownServerError);
            return true;
        }

        try
        {
            if (TryCarry(decision) is var error and not ErrorCode.None)
            {
                // Also where the answer was to come later, with another command: the machine does not know of this one.
                Fail(token, error);
                return false;
            }

            return true;
        }
        catch (Exception exception)
        {
            _logger.ApplyFailed(_parts.Partition, exception);
            Volatile.Write(ref _state, (int)CoordinatorState.Failed);
            return true;
        }
    }

    private ErrorCode TryCarry(Decision<TRecord, TEvent, TReply, TTimer> decision)
    {
        CoordinatorAppend append = _writer.Append(decision.Records, Now().UnixMilliseconds);
        if (append.LastOffset >= 0)
        {
            _commits.Appended(append.LastOffset);
        }

        if (append.Error != ErrorCode.None)
        {
            _logger.AppendFailed(_parts.Partition, decision.Records.Count, append.Error, append.Error == ErrorCode.UnknownServerError ? _writer.Unwritable : null);
            ErrorCode answer = append.Error is ErrorCode.MessageTooLarge or ErrorCode.UnknownServerError ? append.Error : ErrorCode.CoordinatorNotAvailable;
            foreach (Reply<TReply> reply in decision.Replies)
            {
                Fail(reply.Token, answer);
            }

            return answer;
        }

        foreach (TEvent volatileEvent in decision.Events)
        {
            _parts.Machine.ApplyEvent(volatileEvent);
        }

        foreach (TimerChange<TTimer> change in decision.Timers)
        {
            SetTimer(change);
        }

        foreach (Reply<TReply> reply in decision.Replies)
        {
            Send(reply);
        }

        SetAlarm();
        return ErrorCode.None;
    }

    private void Send(Reply<TReply> reply)
    {
        if (!_waiting.Remove(reply.Token, out TaskCompletionSource<CoordinatorAnswer<TReply>>? waiting))
        {
            // A failed append has answered it already; the machine, which nothing told, still had it waiting.
            return;
        }

        var answer = new CoordinatorAnswer<TReply>(ErrorCode.None, reply.Answer);
        if (reply.AfterCommit)
        {
            _commits.Answer(waiting, answer);
        }
        else
        {
            waiting.SetResult(answer);
        }
    }

    private void FireDueTimers()
    {
        if (Interlocked.Exchange(ref _alarmRang, false))
        {
            _alarmDue = null;
        }

        while (_timers.TryTakeDue(Now().MonotonicMilliseconds, out TTimer? timer))
        {
            TTimer fired = timer!; // not null: the queue returned true
            if (!Process(_parts.TimerFired(fired), default))
            {
                // What it was to end must not stay forever because the disk was full for a moment.
                _timers.Set(fired, Now().MonotonicMilliseconds + (long)_options.RetryDelay.TotalMilliseconds);
            }
        }

        SetAlarm();
    }

    private void SetTimer(TimerChange<TTimer> change)
    {
        if (change.DueMonotonicMilliseconds is { } due)
        {
            _timers.Set(change.Timer, due);
        }
        else
        {
            _timers.Cancel(change.Timer);
        }
    }

    private void SetAlarm()
    {
        if (_timers.NextWake == _alarmDue)
        {
            return;
        }

        _alarmDue = _timers.NextWake;
        TimeSpan wait = _alarmDue is { } due
            ? TimeSpan.FromMilliseconds(Math.Clamp(due - Now().MonotonicMilliseconds, 0, int.MaxValue))
            : Timeout.InfiniteTimeSpan;
        _alarm.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Wakes the mailbox. If it is full there is no need: due timers are looked at after each command.</summary>
    private static void Ring(object? state)
    {
        var host = (CoordinatorHost<TCommand, TRecord, TEvent, TReply, TTimer>)state!; // the timer was made with the host
        host.Ring();
    }

    private void Ring()
    {
        Interlocked.Exchange(ref _alarmRang, true);
        _mailbox.Writer.TryWrite(default);
    }

    private void Fail(RequestToken token, ErrorCode error)
    {
        if (_waiting.Remove(token, out TaskCompletionSource<CoordinatorAnswer<TReply>>? waiting))
        {
            waiting.SetResult(new CoordinatorAnswer<TReply>(error, null));
        }
    }

    private void FailAllWaiting(ErrorCode error)
    {
        foreach (TaskCompletionSource<CoordinatorAnswer<TReply>> waiting in _waiting.Values)
        {
            waiting.SetResult(new CoordinatorAnswer<TReply>(error, null));
        }

        _waiting.Clear();
        while (_mailbox.Reader.TryRead(out Letter letter))
        {
            letter.Waiting?.SetResult(new CoordinatorAnswer<TReply>(error, null));
        }
    }

    private Instant Now() => new(
        _time.GetUtcNow().ToUnixTimeMilliseconds(), (long)_time.GetElapsedTime(_startTimestamp).TotalMilliseconds);
}
