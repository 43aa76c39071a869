using Ottla.Broker.Authorization;
using Ottla.Protocol;

namespace Ottla.Broker.Requests;

/// <summary>
/// One API as the router sees it. Handlers derive from <see cref="RequestHandler{TRequest, TResponse}"/>. A handler is one instance
/// for all connections and is called from many threads.
/// </summary>
public abstract class ApiHandler
{
    /// <summary>The API that is handled.</summary>
    public abstract ApiKey ApiKey { get; }

    /// <summary>The versions that are served; a request outside of them closes the connection.</summary>
    public abstract VersionRange Versions { get; }

    /// <summary>The versions that the ApiVersions answer names; the same, but for Produce.</summary>
    public virtual VersionRange AdvertisedVersions => Versions;

    /// <summary>
    /// Whether the first stage writes to a disk or takes the lock of one who does, and a disk may stall: it then runs on one of a few threads kept for that, and not on the one
    /// that serves the sockets.
    /// </summary>
    public virtual bool MayWaitForDisk => false;

    /// <summary>What the API asks of the principal.</summary>
    public abstract ApiAuthorization Authorization { get; }

    internal abstract short FirstFlexibleRequestVersion { get; }

    internal abstract short FirstFlexibleResponseVersion { get; }

    internal abstract IMessage Read(ref ProtocolReader reader, short version);

    internal abstract ValueTask<IMessage?> InvokeAsync(IMessage request, RequestContext context, CancellationToken cancellationToken);

    internal abstract IMessage? DescribeFailure(IMessage request, ErrorCode error, RequestContext context);
}
