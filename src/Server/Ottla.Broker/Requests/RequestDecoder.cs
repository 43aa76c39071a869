using Ottla.Broker.Authorization;
using Ottla.Broker.Requests.ApiVersions;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests;

/// <summary>
/// Reads a request's header, finds its handler and reads its body. A request of an unknown API or version is refused; only ApiVersions
/// is answered in whatever version it comes, because it is how a client finds out (KIP-511). Thread-safe.
/// </summary>
internal sealed class RequestDecoder
{
    private readonly RequestRouter _router;
    private readonly IAuthorizer _authorizer;

    public RequestDecoder(RequestRouter router, IAuthorizer authorizer)
    {
        _router = router;
        _authorizer = authorizer;
    }

    /// <exception cref="MalformedMessageException">The bytes are no such request.</exception>
    /// <exception cref="RequestRefusedException">The API or version is not served.</exception>
    public DecodedRequest Decode(ReadOnlyMemory<byte> frame, RequestSource source, long receivedTimestamp)
    {
        var reader = new ProtocolReader(frame);
        var key = (ApiKey)reader.ReadInt16();
        short version = reader.ReadInt16();
        ApiHandler handler = _router.Find(key) ?? throw new RequestRefusedException($"API {key} is not served.");

        reader = new ProtocolReader(frame);
        RequestHeader header = RequestHeader.Read(ref reader, ApiHeaders.RequestHeaderVersion(key, version));
        if (!handler.Versions.Contains(version))
        {
            return key == ApiKey.ApiVersions
                ? new DecodedRequest(handler, ApiVersionsHandler.UnsupportedVersion, CreateContext(header, 0, source, receivedTimestamp))
                : throw new RequestRefusedException($"{key} is served in versions {handler.Versions}, not {version}.");
        }

        IMessage body = handler.Read(ref reader, version);
        return new DecodedRequest(handler, body, CreateContext(header, version, source, receivedTimestamp));
    }

    private RequestContext CreateContext(RequestHeader header, short version, RequestSource source, long receivedTimestamp) =>
        new(_authorizer, source)
        {
            ApiKey = (ApiKey)header.RequestApiKey,
            ApiVersion = version,
            CorrelationId = header.CorrelationId,
            ClientId = header.ClientId,
            ReceivedTimestamp = receivedTimestamp,
        };
}
