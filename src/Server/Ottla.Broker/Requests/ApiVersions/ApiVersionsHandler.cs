// ApiVersions 0-5.
// 0 lists the served APIs; 1 adds the throttle time; 2 changes nothing; 3 is flexible, takes the client's software name and version
// and adds features (KIP-511, KIP-584); 4 allows features whose lowest level is 0; 5 takes the cluster and node that the client means
// to talk to (KIP-1242).
// Errors: INVALID_REQUEST for a malformed software name, UNSUPPORTED_VERSION (in version 0, with the ApiVersions row alone) for a
// version from the future, REBOOTSTRAP_REQUIRED when the client means another cluster or node.

using Ottla.Broker.Authorization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.ApiVersions;

/// <summary>Tells which APIs are served in which versions: exactly those that have a handler.</summary>
internal sealed class ApiVersionsHandler : RequestHandler<ApiVersionsRequest, ApiVersionsResponse>
{
    private readonly List<ApiVersionsResponse.ApiVersion> _served;
    private readonly ApiVersionsIdentity _identity;

    /// <param name="others">All other handlers.</param>
    /// <param name="identity">Who this broker is and which features it has.</param>
    public ApiVersionsHandler(IEnumerable<ApiHandler> others, ApiVersionsIdentity identity)
    {
        _identity = identity;
        _served = [.. others.Append(this).OrderBy(static handler => handler.ApiKey).Select(Describe)];
    }

    /// <summary>Stands for a request of a version that is not known, whose body cannot be read.</summary>
    public static ApiVersionsRequest UnsupportedVersion { get; } = new();

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.Anyone;

    /// <inheritdoc/>
    public override ValueTask<ApiVersionsResponse?> HandleAsync(
        ApiVersionsRequest request, RequestContext context, CancellationToken cancellationToken) => new(Answer(request, context));

    /// <inheritdoc/>
    protected override ApiVersionsResponse? FailAll(ApiVersionsRequest request, ErrorCode error, RequestContext context) =>
        new() { ErrorCode = error };

    private static ApiVersionsResponse.ApiVersion Describe(ApiHandler handler) => new()
    {
        ApiKey = (short)handler.ApiKey,
        MinVersion = handler.AdvertisedVersions.Lowest,
        MaxVersion = handler.AdvertisedVersions.Highest,
    };

    private ApiVersionsResponse Answer(ApiVersionsRequest request, RequestContext context)
    {
        if (ReferenceEquals(request, UnsupportedVersion))
        {
            return new ApiVersionsResponse
            {
                ErrorCode = ErrorCode.UnsupportedVersion,
                ApiKeys = [_served.Find(static row => row.ApiKey == (short)ApiKey.ApiVersions)!], // this handler is in its own list
            };
        }

        if (context.ApiVersion >= 3)
        {
            if (!ClientSoftwareName.IsValid(request.ClientSoftwareName) || !ClientSoftwareName.IsValid(request.ClientSoftwareVersion))
            {
                return new ApiVersionsResponse { ErrorCode = ErrorCode.InvalidRequest };
            }

            context.RememberSoftware($"{request.ClientSoftwareName} {request.ClientSoftwareVersion}");
        }

        if (context.ApiVersion >= 5 && !_identity.IsMeant(request.ClusterId, request.NodeId))
        {
            return new ApiVersionsResponse { ErrorCode = ErrorCode.RebootstrapRequired };
        }

        var response = new ApiVersionsResponse { ApiKeys = _served };
        _identity.AddFeatures(response, context.ApiVersion);
        return response;
    }
}
