using Ottla.Broker.Authorization;
using Ottla.Broker.Requests;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Support;

/// <summary>A handler for DescribeGroups that gives each request the same large answer.</summary>
internal sealed class ControlledDescriptions(string protocolData) : RequestHandler<DescribeGroupsRequest, DescribeGroupsResponse>
{
    private int _count;

    /// <summary>How many requests were begun.</summary>
    public int Count => Volatile.Read(ref _count);

    public override ApiAuthorization Authorization => ApiAuthorization.Anyone;

    public override ValueTask<DescribeGroupsResponse?> HandleAsync(
        DescribeGroupsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        return new ValueTask<DescribeGroupsResponse?>(new DescribeGroupsResponse { Groups = [new() { GroupId = "g", ProtocolData = protocolData }] });
    }
}
