using Ottla.Broker.Authorization;
using Ottla.Protocol;

namespace Ottla.Broker.Requests;

/// <summary>
/// What a handler knows of a request besides its body, and what it may ask of the connection. Belongs to one request. The first stage
/// of a handler and its background stage never run at the same time, so it needs no lock.
/// </summary>
public sealed class RequestContext
{
    private readonly IAuthorizer _authorizer;
    private readonly RequestSource _source;
    private List<IDisposable>? _releasedAfterResponse;
    private List<Action>? _runAfterResponse;

    internal RequestContext(IAuthorizer authorizer, RequestSource source)
    {
        _authorizer = authorizer;
        _source = source;
        ClientSoftware = source.ClientSoftware;
    }

    /// <summary>The API that is called.</summary>
    public required ApiKey ApiKey { get; init; }

    /// <summary>The version of the request, in which the response is written too.</summary>
    public required short ApiVersion { get; init; }

    /// <summary>The client's number of the request, which the response carries.</summary>
    public required int CorrelationId { get; init; }

    /// <summary>The client's name for itself, or null; never trusted.</summary>
    public required string? ClientId { get; init; }

    /// <summary>The client's address without a port, as Kafka shows it in groups and logs.</summary>
    public string ClientHost => _source.ClientHost;

    /// <summary>Who sent the request.</summary>
    public Principal Principal => _source.Principal;

    /// <summary>The listener through which it came; answers that name brokers name this listener's advertised addresses.</summary>
    public ListenerName Listener => _source.Listener;

    /// <summary>When the request had arrived, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
    public required long ReceivedTimestamp { get; init; }

    /// <summary>
    /// The longest that a request may wait, in milliseconds after <see cref="ReceivedTimestamp"/>, whatever its own timeout says: the
    /// idle limit of the connection.
    /// </summary>
    public long DeadlineMilliseconds => _source.DeadlineMilliseconds;

    /// <summary>The name and version that the client gave of its software in ApiVersions (KIP-511), or null.</summary>
    public string? ClientSoftware { get; }

    internal bool ClosesConnection { get; private set; }

    /// <summary>About how many bytes the response has beyond a few: the buffers that were handed over.</summary>
    internal int ResponseBytes { get; private set; }

    /// <summary>Whether the principal may do <paramref name="operation"/> to the resource.</summary>
    public bool IsAuthorized(AclOperation operation, ResourceType resource, string resourceName) =>
        _authorizer.IsAllowed(Principal, ClientHost, operation, resource, resourceName);

    /// <summary>Hands over something that the response still needs, such as the buffer of its records; disposed once the response is sent or dropped.</summary>
    public void ReleaseAfterResponse(IDisposable resource)
    {
        (_releasedAfterResponse ??= []).Add(resource);
        if (resource is PooledBuffer buffer)
        {
            ResponseBytes += buffer.Length;
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> after the response was handed to the socket, on the same thread: what others wait for but this
    /// client does not, such as waking fetches after an append. It must be short and must not throw.
    /// </summary>
    public void RunAfterResponse(Action work) => (_runAfterResponse ??= []).Add(work);

    /// <summary>Closes the connection after the responses of earlier requests and this one, if it has one, were sent.</summary>
    public void CloseConnection() => ClosesConnection = true;

    /// <summary>Keeps what the client says of its software for the later requests of its connection.</summary>
    internal void RememberSoftware(string software) => _source.ClientSoftware = software;

    internal void Release()
    {
        if (_releasedAfterResponse is not { } resources)
        {
            return;
        }

        _releasedAfterResponse = null;
        foreach (IDisposable resource in resources)
        {
            resource.Dispose();
        }
    }

    internal List<Action>? TakeRunAfterResponse()
    {
        List<Action>? work = _runAfterResponse;
        _runAfterResponse = null;
        return work;
    }
}
