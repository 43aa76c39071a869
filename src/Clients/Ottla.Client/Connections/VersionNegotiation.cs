using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Connections;

/// <summary>
/// The first exchange on a connection (KIP-35, KIP-511): the newest ApiVersions request that this client has; a broker which does not
/// know that version answers error 35 in version 0, with the versions that it does know.
/// </summary>
internal static class VersionNegotiation
{
    public static async ValueTask<NegotiatedVersions> RunAsync(BrokerLink link, OttlaClientOptions options, CancellationToken cancellationToken)
    {
        // Version 4 is the newest whose fields all brokers fill; 5 asks for a certain cluster and node, which a bootstrap cannot know.
        short version = Math.Min((short)4, ApiVersionsRequest.Versions.Highest);
        while (true)
        {
            using LinkResponse<ApiVersionsResponse> answer = await AskAsync(link, version, options, cancellationToken).ConfigureAwait(false);
            ErrorCode error = answer.Message.ErrorCode;
            if (error == ErrorCode.None)
            {
                return new NegotiatedVersions(answer.Message);
            }

            short? next = new NegotiatedVersions(answer.Message).Newest(ApiKey.ApiVersions, ApiVersionsRequest.Versions, (short)(version - 1));
            if (error != ErrorCode.UnsupportedVersion || version == 0)
            {
                throw KafkaException.Of(error, ApiKey.ApiVersions, null);
            }

            version = next ?? 0;
        }
    }

    private static ValueTask<LinkResponse<ApiVersionsResponse>> AskAsync(
        BrokerLink link, short version, OttlaClientOptions options, CancellationToken cancellationToken)
    {
        var request = new ApiVersionsRequest();
        if (version >= 3)
        {
            request.ClientSoftwareName = "ottla-dotnet";
            request.ClientSoftwareVersion = ClientVersion.Text;
        }

        return link.SendAsync<ApiVersionsRequest, ApiVersionsResponse>(request, version, options.RequestTimeout, cancellationToken);
    }
}
