using Ottla.Broker.Requests.ApiVersions;

namespace Ottla.Broker.Requests;

/// <summary>
/// The one list of what this broker serves. ApiVersions advertises exactly these, and the router knows no others.
/// </summary>
internal static class RequestHandlers
{
    public static IReadOnlyList<ApiHandler> Create(BrokerParts parts)
    {
        ApiHandler[] handlers =
        [
        ];
        return [.. handlers, new ApiVersionsHandler(handlers, parts.Identity)];
    }
}
