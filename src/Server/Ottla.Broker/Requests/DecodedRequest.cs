using Ottla.Protocol;

namespace Ottla.Broker.Requests;

/// <summary>A request whose header and body were read.</summary>
/// <param name="Handler">Who handles it.</param>
/// <param name="Body">The request message.</param>
/// <param name="Context">The rest of it.</param>
internal readonly record struct DecodedRequest(ApiHandler Handler, IMessage Body, RequestContext Context);
