using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Ottla.Broker.Requests;
using Ottla.Broker.Responses;
using Ottla.Protocol;
using Ottla.Transport.Framing;
using Ottla.Transport.Sockets;

namespace Ottla.Broker.Connections;

/// <summary>
/// One client's connection. The read loop takes frames and runs the first stage of their handlers on the thread that received them,
/// without a hop, but for those that write to a disk; what does not complete there completes in the background. Responses are sent by <see cref="ResponseSequencer"/>.
/// <see cref="Tick"/>, <see cref="StopReading"/> and <see cref="Abort"/> may be called from any thread.
/// </summary>
internal sealed class Connection : IDisposable
{
    // A frame has this long to arrive, plus the time that a slow line needs for its size.
    private static readonly TimeSpan FrameGrace = TimeSpan.FromSeconds(30);
    private const int SlowestBytesPerSecond = 64 * 1024;

    // After as many frames without a wait, others on the same thread get their turn.
    private const int FramesPerTurn = 64;

    // Responses are held back to be sent together while more requests are at hand, up to so many of them and so many bytes.
    private const int ResponsesPerSend = 16;
    private const int ResponseBytesPerSend = 256 * 1024;

    private readonly long _id;
    private readonly TransportConnection _transport;
    private readonly ConnectionParts _parts;
    private readonly RequestSource _source;
    private readonly FrameReader _frames;
    private readonly ResponseSequencer _responses;
    private readonly CancellationTokenSource _closed = new();
    private readonly List<Action> _afterResponses = [];
    private long _lastActivity;
    private long _frameDeadline;
    private int _heldResponses;
    private long _heldResponseBytes;
    private string? _closeReason;
    private bool _stops;

    public Connection(long id, TransportConnection transport, RequestSource source, ConnectionParts parts)
    {
        _id = id;
        _transport = transport;
        _source = source;
        _parts = parts;
        _frames = new FrameReader(transport, parts.Options.MaxRequestBytes);
        _responses = new ResponseSequencer(transport, parts.Budget, parts.TimeProvider, parts.Options.MaxInFlightRequests, OnSendingBroken);
        _lastActivity = parts.TimeProvider.GetTimestamp();
    }

    /// <summary>Serves the connection until it is closed from either side and every handler of its requests has returned. Never fails.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReadAsync();
            Close(_stops ? "the broker stops" : "the client closed it");
        }
        catch (Exception exception) when (exception is FrameException or MalformedMessageException or RequestRefusedException)
        {
            ConnectionsLog.ClosedForBadInput(_parts.Logger, _id, _transport.RemoteEndPoint, exception.Message);
            Close("bad input");
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Close(exception.Message);
        }
        catch (Exception exception)
        {
            ConnectionsLog.Failed(_parts.Logger, _id, exception);
            Close("of an error");
        }

        await _responses.DrainAsync();
        Abort("it is drained");
        ConnectionsLog.Closed(_parts.Logger, _id, _closeReason ?? string.Empty);
    }

    /// <summary>Closes the connection when it has been idle, has been in the middle of a frame or has not read its responses for too long.</summary>
    public void Tick()
    {
        TimeProvider time = _parts.TimeProvider;
        long frameDeadline = Volatile.Read(ref _frameDeadline);
        if (frameDeadline != 0 && time.GetTimestamp() > frameDeadline)
        {
            Abort("a frame did not arrive in time");
            return;
        }

        // In milliseconds: the longest time that can be configured is more than a TimeSpan holds.
        long idleLimit = _parts.Options.MaxIdleMilliseconds;
        if (idleLimit < 0)
        {
            return;
        }

        long sendingSince = _responses.SendingSince;
        if (sendingSince != 0 && time.GetElapsedTime(sendingSince).TotalMilliseconds > idleLimit)
        {
            Abort("the client does not read its responses");
        }
        else if (frameDeadline == 0 && _responses.IsIdle && time.GetElapsedTime(Volatile.Read(ref _lastActivity)).TotalMilliseconds > idleLimit)
        {
            Abort("it was idle");
        }
    }

    /// <summary>Takes no further requests; those under way are answered, then the connection is closed.</summary>
    public void StopReading()
    {
        Volatile.Write(ref _stops, true);
        _transport.ShutdownReceive();
    }

    /// <summary>Cuts the connection.</summary>
    public void Abort(string reason)
    {
        Interlocked.CompareExchange(ref _closeReason, reason, null);
        _transport.Abort();
    }

    /// <summary>Gives the buffers back; only after <see cref="RunAsync"/> has ended.</summary>
    public void Dispose()
    {
        _frames.Dispose();
        _responses.Dispose();
        _closed.Dispose();
    }

    /// <summary>Cancels what the connection's requests wait for.</summary>
    public void Cancel()
    {
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It had ended by itself.
        }
    }

    private async Task ReadAsync()
    {
        int framesInTurn = 0;
        while (!Volatile.Read(ref _stops) && Volatile.Read(ref _closeReason) is null)
        {
            int size = await _frames.ReadSizeAsync(CancellationToken.None);
            if (size < 0)
            {
                return;
            }

            await SendBeforeWaitingForAsync(_responses.WaitForRoomAsync());
            await SendBeforeWaitingForAsync(_parts.Budget.AcquireAsync(size, _closed.Token));
            PooledBuffer frame = await ReadBodyAsync(size);
            if (MayWaitForDisk(frame))
            {
                await _parts.DiskThreads.SwitchTo();
            }

            Dispatch(frame);
            if (!_frames.HasBufferedFrame || _heldResponses >= ResponsesPerSend || _heldResponseBytes >= ResponseBytesPerSend)
            {
                SendAndRun();
            }

            if (++framesInTurn == FramesPerTurn)
            {
                framesInTurn = 0;
                SendAndRun();
                await Task.Yield();
            }
        }
    }

    private bool MayWaitForDisk(PooledBuffer frame) =>
        frame.Length >= sizeof(short)
        && _parts.Router.Find((ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame.Span)) is { MayWaitForDisk: true };

    // What is waited for may be held by responses that are ready and not sent yet.
    private ValueTask SendBeforeWaitingForAsync(ValueTask waiting)
    {
        if (!waiting.IsCompleted)
        {
            SendAndRun();
        }

        return waiting;
    }

    private async ValueTask<PooledBuffer> ReadBodyAsync(int size)
    {
        try
        {
            ValueTask<PooledBuffer> reading = _frames.ReadBodyAsync(size, CancellationToken.None);
            if (!reading.IsCompleted)
            {
                SendAndRun();
                TimeProvider time = _parts.TimeProvider;
                double seconds = FrameGrace.TotalSeconds + ((double)size / SlowestBytesPerSecond);
                Volatile.Write(ref _frameDeadline, time.GetTimestamp() + (long)(seconds * time.TimestampFrequency));
            }

            return await reading;
        }
        catch
        {
            _parts.Budget.Release(size);
            throw;
        }
        finally
        {
            Volatile.Write(ref _frameDeadline, 0);
        }
    }

    private void Dispatch(PooledBuffer frame)
    {
        long now = _parts.TimeProvider.GetTimestamp();
        Volatile.Write(ref _lastActivity, now);
        DecodedRequest request;
        try
        {
            request = _parts.Decoder.Decode(frame.Memory, _source, now);
        }
        catch
        {
            _parts.Budget.Release(frame.Length);
            frame.Dispose();
            throw;
        }

        RequestContext context = request.Context;
        var pending = new PendingResponse(context, frame, ApiHeaders.ResponseHeaderVersion(context.ApiKey, context.ApiVersion));
        _responses.Enqueue(pending);
        ValueTask<IMessage?> handling = _parts.Router.HandleAsync(request, _closed.Token);
        if (handling.IsCompleted)
        {
            CompleteInOrder(pending, handling.Result);
        }
        else
        {
            // The router's task never fails, and DrainAsync waits for the place that it completes.
            _ = CompleteLaterAsync(pending, handling);
        }
    }

    private void CompleteInOrder(PendingResponse pending, IMessage? response)
    {
        if (pending.Context.TakeRunAfterResponse() is { } work)
        {
            _afterResponses.AddRange(work);
        }

        _heldResponses++;
        _heldResponseBytes += pending.Context.ResponseBytes;
        _responses.Complete(pending, response);
    }

    private async Task CompleteLaterAsync(PendingResponse pending, ValueTask<IMessage?> handling)
    {
        IMessage? response = await handling;
        List<Action>? work = pending.Context.TakeRunAfterResponse();
        Volatile.Write(ref _lastActivity, _parts.TimeProvider.GetTimestamp());
        _responses.Complete(pending, response);
        _responses.Send();
        work?.ForEach(static action => action());
    }

    private void SendAndRun()
    {
        (_heldResponses, _heldResponseBytes) = (0, 0);
        _responses.Send();
        if (_afterResponses.Count == 0)
        {
            return;
        }

        for (int index = 0; index < _afterResponses.Count; index++)
        {
            _afterResponses[index]();
        }

        _afterResponses.Clear();
    }

    private void Close(string reason)
    {
        SendAndRun();
        Interlocked.CompareExchange(ref _closeReason, reason, null);
        if (!_stops)
        {
            _closed.Cancel();
        }
    }

    private void OnSendingBroken(Exception? exception)
    {
        Abort(exception?.Message ?? "a request asked for it");
        if (exception is not (null or SocketException or ObjectDisposedException))
        {
            ConnectionsLog.Failed(_parts.Logger, _id, exception);
        }
    }
}
