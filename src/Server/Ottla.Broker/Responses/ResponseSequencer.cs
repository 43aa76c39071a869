using Ottla.Broker.Connections;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Framing;
using Ottla.Transport.Sockets;

namespace Ottla.Broker.Responses;

/// <summary>
/// Sends the responses of one connection in the order of its requests, whatever the order in which they complete, and those that are
/// ready together in one go. Whoever completes the response at the head sends it, on its own thread, unless somebody is sending
/// already and takes it along. Thread-safe.
/// </summary>
internal sealed class ResponseSequencer : IDisposable
{
    private const int MaxBytesPerFlush = 1024 * 1024;

    // Completed responses that may wait for a client who does not read before no more of its requests are handled.
    private const int MaxCompletedWhileSending = 8;

    // Bytes of records that completed responses may hold before no more requests are handled.
    private const long MaxHeldBytes = 64 * 1024 * 1024;
    private readonly Lock _gate = new(); // guards _queue, _completed, _heldBytes, _isSending, _room and _drained, and IsComplete of each entry
    private readonly Queue<PendingResponse> _queue = new();
    private readonly TransportConnection _transport;
    private readonly RequestMemoryBudget _budget;
    private readonly TimeProvider _timeProvider;
    private readonly int _maxInFlight;
    private readonly Action<Exception?> _onBroken;

    // Only the one sender of the moment touches these.
    private readonly FrameWriter _writer = new();
    private readonly List<PendingResponse> _sending = [];
    private readonly ResponseHeader _header = new();
    private bool _isBroken;

    private int _completed;
    private long _heldBytes;
    private bool _isSending;
    private long _sendingSince;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _drained;

    /// <param name="transport">Where responses go.</param>
    /// <param name="budget">Where the bytes of answered requests are given back to.</param>
    /// <param name="timeProvider">The clock for <see cref="SendingSince"/>.</param>
    /// <param name="maxInFlight">How many requests may wait for their responses.</param>
    /// <param name="onBroken">Called when nothing more can be sent: with the reason, or with null after a response that closes the connection.</param>
    public ResponseSequencer(
        TransportConnection transport, RequestMemoryBudget budget, TimeProvider timeProvider, int maxInFlight, Action<Exception?> onBroken)
    {
        _transport = transport;
        _budget = budget;
        _timeProvider = timeProvider;
        _maxInFlight = maxInFlight;
        _onBroken = onBroken;
    }

    /// <summary>Whether no request waits for its response.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count == 0 && !_isSending;
            }
        }
    }

    /// <summary>Since when the send that is under way has been waiting for the client, as a timestamp, or 0.</summary>
    public long SendingSince => Volatile.Read(ref _sendingSince);

    /// <summary>Waits until another request may be handled.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (HasRoom())
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task);
        }
    }

    /// <summary>Gives a request its place. The frame and its share of the budget are given back when the response was sent.</summary>
    public void Enqueue(PendingResponse pending)
    {
        lock (_gate)
        {
            _queue.Enqueue(pending);
        }
    }

    /// <summary>Says that a response is ready; <see cref="Send"/> sends it.</summary>
    public void Complete(PendingResponse pending, IMessage? body)
    {
        pending.Body = body;
        lock (_gate)
        {
            pending.IsComplete = true;
            _completed++;
            _heldBytes += pending.Context.ResponseBytes;
        }
    }

    /// <summary>Sends what is ready at the head, unless somebody is doing so and takes it along.</summary>
    public void Send()
    {
        lock (_gate)
        {
            if (_isSending || !HeadIsComplete())
            {
                return;
            }

            _isSending = true;
        }

        // The task never fails, and whoever closes the connection waits for it through DrainAsync.
        _ = SendReadyAsync();
    }

    /// <summary>Waits until every request was answered or dropped and nothing is being sent.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_queue.Count == 0 && !_isSending)
            {
                return Task.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>Gives the buffers back; only after <see cref="DrainAsync"/>.</summary>
    public void Dispose() => _writer.Dispose();

    private bool HasRoom() =>
        _queue.Count < _maxInFlight && _heldBytes < MaxHeldBytes && !(_isSending && _completed > MaxCompletedWhileSending);

    private bool HeadIsComplete() => _queue.TryPeek(out PendingResponse? head) && head.IsComplete;

    private async Task SendReadyAsync()
    {
        while (TryTakeReady())
        {
            try
            {
                await SendTakenAsync();
            }
            catch (Exception exception)
            {
                Break(exception);
            }
            finally
            {
                Volatile.Write(ref _sendingSince, 0);
                ReleaseTaken();
            }
        }
    }

    private async ValueTask SendTakenAsync()
    {
        foreach (PendingResponse pending in _sending)
        {
            if (!_isBroken && pending.Body is { } body)
            {
                _header.CorrelationId = pending.Context.CorrelationId;
                _writer.Append(_header, pending.HeaderVersion, body, pending.Context.ApiVersion);
            }

            if (pending.Context.ClosesConnection && !_isBroken)
            {
                await FlushAsync();
                Break(null);
            }
        }

        if (!_isBroken)
        {
            await FlushAsync();
        }
    }

    private ValueTask FlushAsync()
    {
        ValueTask flushing = _writer.FlushAsync(_transport, CancellationToken.None);
        if (!flushing.IsCompleted)
        {
            Volatile.Write(ref _sendingSince, _timeProvider.GetTimestamp());
        }

        return flushing;
    }

    private bool TryTakeReady()
    {
        lock (_gate)
        {
            int bytes = 0;
            while (HeadIsComplete() && bytes < MaxBytesPerFlush)
            {
                PendingResponse head = _queue.Dequeue();
                _completed--;
                _sending.Add(head);
                bytes += head.Context.ResponseBytes;
            }

            if (_sending.Count > 0)
            {
                return true;
            }

            _isSending = false;
            SignalRoom();
            if (_queue.Count == 0)
            {
                _drained?.TrySetResult();
            }

            return false;
        }
    }

    private void ReleaseTaken()
    {
        long released = 0;
        foreach (PendingResponse pending in _sending)
        {
            released += pending.Context.ResponseBytes;
            _budget.Release(pending.FrameBytes);
            pending.Release();
        }

        _sending.Clear();
        lock (_gate)
        {
            _heldBytes -= released;
            SignalRoom();
        }
    }

    private void SignalRoom()
    {
        if (_room is { } room && HasRoom())
        {
            _room = null;
            room.TrySetResult();
        }
    }

    private void Break(Exception? exception)
    {
        if (!_isBroken)
        {
            _isBroken = true;
            _writer.Dispose();
            _onBroken(exception);
        }
    }
}
