using System.Collections.Concurrent;
using Ottla.Broker.Authorization;
using Ottla.Broker.Requests;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Support;

/// <summary>A handler for Heartbeat: each request is answered when the test says so, by its generation number.</summary>
internal sealed class ControlledHeartbeats : RequestHandler<HeartbeatRequest, HeartbeatResponse>
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<HeartbeatResponse?>> _waiting = new();

    public override ApiAuthorization Authorization => ApiAuthorization.Anyone;

    /// <summary>The generation numbers in the order in which their requests began.</summary>
    public ConcurrentQueue<int> Begun { get; } = new();

    /// <summary>Requests with a generation number from this on are answered at once.</summary>
    public int ImmediateFrom { get; init; } = int.MaxValue;

    /// <summary>What a handler of the test does instead of waiting.</summary>
    public Func<HeartbeatRequest, RequestContext, HeartbeatResponse?>? Immediately { get; init; }

    /// <summary>How many bytes the answer to a request that is answered at once holds until it is sent.</summary>
    public int HeldBytes { get; init; }

    public void Answer(int generation) => Waiting(generation).TrySetResult(new HeartbeatResponse { ThrottleTimeMs = generation });

    public void Fail(int generation) => Waiting(generation).TrySetException(new InvalidOperationException("A bug."));

    public override ValueTask<HeartbeatResponse?> HandleAsync(HeartbeatRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        Begun.Enqueue(request.GenerationId);
        if (Immediately is { } immediately)
        {
            return new ValueTask<HeartbeatResponse?>(immediately(request, context));
        }

        if (request.GenerationId >= ImmediateFrom && HeldBytes > 0)
        {
            context.ReleaseAfterResponse(PooledBuffer.Rent(HeldBytes));
        }

        return request.GenerationId >= ImmediateFrom
            ? new ValueTask<HeartbeatResponse?>(new HeartbeatResponse { ThrottleTimeMs = request.GenerationId })
            : new ValueTask<HeartbeatResponse?>(Waiting(request.GenerationId).Task.WaitAsync(cancellationToken));
    }

    protected override HeartbeatResponse? FailAll(HeartbeatRequest request, ErrorCode error, RequestContext context) =>
        request.GroupId == "no-answer" ? null : new HeartbeatResponse { ErrorCode = error };

    private TaskCompletionSource<HeartbeatResponse?> Waiting(int generation) =>
        _waiting.GetOrAdd(generation, static _ => new TaskCompletionSource<HeartbeatResponse?>(TaskCreationOptions.RunContinuationsAsynchronously));
}
