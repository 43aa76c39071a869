using System.Net.Sockets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Framing;
using Ottla.Transport.Sockets;

namespace Ottla.Transport.Links;

/// <summary>
/// An outgoing connection to a broker. Requests of any number of threads are pipelined: each is written at once, those that come
/// while a send is under way are sent together, and answers are matched in order, as Kafka brokers give them. The first failure, a
/// late answer included, ends the link and all that waits on it. All members are thread-safe.
/// </summary>
public sealed class BrokerLink : IAsyncDisposable
{
    private readonly TransportConnection _connection;
    private readonly BrokerLinkOptions _options;
    private readonly FrameReader _reader;
    private readonly ITimer _timer;

    private readonly Lock _lock = new(); // guards everything below but _readLoop, which is set once before the link is handed out
    private readonly Queue<PendingRequest> _pending = new();
    private FrameWriter _filling = new();
    private FrameWriter _sending = new();
    private Task _sendLoop = Task.CompletedTask;
    private bool _isSending;
    private int _nextCorrelationId;
    private long _timerDue = long.MaxValue;
    private LinkException? _failure;

    private Task _readLoop = Task.CompletedTask;

    private BrokerLink(TransportConnection connection, BrokerLinkOptions options)
    {
        _connection = connection;
        _options = options;
        _reader = new FrameReader(connection, options.MaxResponseBytes);
        _timer = options.TimeProvider.CreateTimer(
            static state => ((BrokerLink)state!).CheckDeadlines(), // the state is the link, given in the next argument
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the link can still be used. May change at any moment.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _failure is null;
            }
        }
    }

    /// <summary>Connects. The caller disposes the link.</summary>
    /// <exception cref="SocketException">No address answered, or the name is not known.</exception>
    public static async ValueTask<BrokerLink> ConnectAsync(
        string host, int port, BrokerLinkOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        TransportConnection connection =
            await TransportConnector.ConnectAsync(host, port, options.Transport, cancellationToken).ConfigureAwait(false);
        var link = new BrokerLink(connection, options);
        link._readLoop = link.ReadAsync();
        return link;
    }

    /// <summary>Sends a request and waits for its answer. Cancelling stops the wait, not the request.</summary>
    /// <param name="request">The request; record payloads stay untouched until the answer is there.</param>
    /// <param name="version">The API version of request and answer.</param>
    /// <param name="timeout">How long to wait; then the link fails with <see cref="LinkFailure.TimedOut"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LinkException">The link failed before the answer came.</exception>
    /// <exception cref="InvalidOperationException">The request says something that <paramref name="version"/> cannot; nothing was sent.</exception>
    public async ValueTask<LinkResponse<TResponse>> SendAsync<TRequest, TResponse>(
        TRequest request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TRequest : IApiMessage<TRequest>
        where TResponse : IApiMessage<TResponse>
    {
        long deadline = _options.TimeProvider.GetTimestamp() + ToTimestampTicks(timeout);
        var pending = new PendingRequest(deadline);
        Enqueue(request, version, pending);
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingRequest)state!).Cancel(token), // the state is the request, given in the next argument
            pending);
        PooledBuffer frame = await pending.Frame.ConfigureAwait(false);
        return Decode<TResponse>(frame, version);
    }

    /// <summary>Sends a request that is never answered: Produce with acks=0. Returns once its bytes were handed to the kernel.</summary>
    /// <inheritdoc cref="SendAsync{TRequest, TResponse}"/>
    public async ValueTask SendWithoutAnswerAsync<TRequest>(TRequest request, short version, CancellationToken cancellationToken)
        where TRequest : IApiMessage<TRequest>
    {
        Enqueue(request, version, null);
        Task sendLoop;
        lock (_lock)
        {
            sendLoop = _sendLoop;
        }

        await sendLoop.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            ThrowIfFailed();
        }
    }

    /// <summary>Closes the connection. What still waits fails with <see cref="LinkFailure.Closed"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Fail(new LinkException(LinkFailure.Closed, "The link was closed."));
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _readLoop.ConfigureAwait(false);
        Task sendLoop;
        lock (_lock)
        {
            sendLoop = _sendLoop;
        }

        await sendLoop.ConfigureAwait(false);
    }

    private void Enqueue<TRequest>(TRequest request, short version, PendingRequest? pending)
        where TRequest : IApiMessage<TRequest>
    {
        short headerVersion = ApiHeaders.RequestHeaderVersion(TRequest.ApiKey, version);
        lock (_lock)
        {
            ThrowIfFailed();
            int correlationId = _nextCorrelationId;
            var header = new RequestHeader
            {
                RequestApiKey = (short)TRequest.ApiKey,
                RequestApiVersion = version,
                CorrelationId = correlationId,
                ClientId = _options.ClientId,
            };
            _filling.Append(header, headerVersion, request, version);
            _nextCorrelationId = (correlationId + 1) & int.MaxValue;
            if (pending is not null)
            {
                pending.CorrelationId = correlationId;
                _pending.Enqueue(pending);
                ArmTimer(pending.Deadline);
            }

            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        // Started outside the lock, because a send that completes at once runs right here.
        Task sendLoop = SendPendingAsync();
        lock (_lock)
        {
            _sendLoop = sendLoop;
        }
    }

    /// <summary>Sends until nothing is left to send. Runs once at a time; whoever adds to an idle link starts it.</summary>
    private async Task SendPendingAsync()
    {
        try
        {
            while (TrySwapWriters())
            {
                await _sending.FlushAsync(_connection, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Fail(new LinkException(LinkFailure.Closed, $"The connection was lost while sending: {exception.Message}", exception));
        }
    }

    private bool TrySwapWriters()
    {
        lock (_lock)
        {
            if (_filling.PendingBytes == 0 || _failure is not null)
            {
                _isSending = false;
                return false;
            }

            (_filling, _sending) = (_sending, _filling);
            return true;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                int size = await _reader.ReadSizeAsync(CancellationToken.None).ConfigureAwait(false);
                if (size < 0)
                {
                    Fail(new LinkException(LinkFailure.Closed, "The broker closed the connection."));
                    return;
                }

                PooledBuffer frame = await _reader.ReadBodyAsync(size, CancellationToken.None).ConfigureAwait(false);
                Deliver(frame);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or FrameException)
        {
            Fail(new LinkException(LinkFailure.Closed, $"The connection was lost: {exception.Message}", exception));
        }
        catch (MalformedMessageException exception)
        {
            Fail(new LinkException(LinkFailure.Malformed, $"The broker sent something that is no answer: {exception.Message}", exception));
        }
        finally
        {
            _reader.Dispose();
        }
    }

    private void Deliver(PooledBuffer frame)
    {
        PendingRequest? pending;
        lock (_lock)
        {
            _pending.TryDequeue(out pending);
        }

        var reader = new ProtocolReader(frame.Memory);
        if (pending is null || frame.Length < sizeof(int) || reader.ReadInt32() != pending.CorrelationId)
        {
            frame.Dispose();
            var failure = new LinkException(LinkFailure.Malformed, "The broker answered something that was not asked.");
            pending?.Fail(failure);
            Fail(failure);
            return;
        }

        pending.Complete(frame);
    }

    private static LinkResponse<TResponse> Decode<TResponse>(PooledBuffer frame, short version)
        where TResponse : IApiMessage<TResponse>
    {
        try
        {
            var reader = new ProtocolReader(frame.Memory);
            ResponseHeader.Read(ref reader, ApiHeaders.ResponseHeaderVersion(TResponse.ApiKey, version));
            if (TResponse.ApiKey == ApiKey.ApiVersions && IsUnsupportedVersion(reader))
            {
                // A broker that does not know the version it was asked in says so in version 0, which every client can read (KIP-511).
                version = 0;
            }

            return new LinkResponse<TResponse>(TResponse.Read(ref reader, version), frame);
        }
        catch (MalformedMessageException exception)
        {
            frame.Dispose();
            throw new LinkException(
                LinkFailure.Malformed, $"The answer to {TResponse.ApiKey} version {version} cannot be read: {exception.Message}", exception);
        }
    }

    private static bool IsUnsupportedVersion(ProtocolReader reader) =>
        reader.Remaining >= sizeof(short) && (ErrorCode)reader.ReadInt16() == ErrorCode.UnsupportedVersion;

    private void Fail(LinkException failure)
    {
        PendingRequest[] abandoned;
        lock (_lock)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = failure;
            abandoned = _pending.ToArray();
            _pending.Clear();
        }

        _connection.Abort();
        foreach (PendingRequest pending in abandoned)
        {
            pending.Fail(failure);
        }
    }

    private void CheckDeadlines()
    {
        long now = _options.TimeProvider.GetTimestamp();
        bool isLate = false;
        lock (_lock)
        {
            _timerDue = long.MaxValue;
            foreach (PendingRequest pending in _pending)
            {
                isLate |= pending.Deadline <= now;
                ArmTimer(pending.Deadline);
            }
        }

        if (isLate)
        {
            Fail(new LinkException(LinkFailure.TimedOut, "The broker did not answer in time."));
        }
    }

    // Called under the lock.
    private void ArmTimer(long deadline)
    {
        if (deadline >= _timerDue)
        {
            return;
        }

        _timerDue = deadline;
        TimeSpan wait = _options.TimeProvider.GetElapsedTime(_options.TimeProvider.GetTimestamp(), deadline);
        _timer.Change(wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private long ToTimestampTicks(TimeSpan time) => (long)(time.TotalSeconds * _options.TimeProvider.TimestampFrequency);

    // Called under the lock.
    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new LinkException(failure.Failure, failure.Message, failure);
        }
    }
}
