namespace Ottla.Protocol;

/// <summary>Which version of the request and response header goes with a version of an API (KIP-482).</summary>
public static class ApiHeaders
{
    /// <summary>
    /// The version of the request header: 2 for flexible versions, 1 for the others, and 0 (without a client id) for ControlledShutdown 0.
    /// A key without a schema gets 1, which is what its first bytes can be read with.
    /// </summary>
    public static short RequestHeaderVersion(ApiKey apiKey, short apiVersion)
    {
        if (apiKey == ApiKey.ControlledShutdown && apiVersion == 0)
        {
            return 0;
        }

        return apiVersion >= ApiCatalog.FirstFlexibleVersion(apiKey) ? (short)2 : (short)1;
    }

    /// <summary>
    /// The version of the response header: 1 for flexible versions, else 0. ApiVersions always answers with 0, because its client does not
    /// know yet what the broker understands (KIP-511).
    /// </summary>
    public static short ResponseHeaderVersion(ApiKey apiKey, short apiVersion) =>
        apiKey != ApiKey.ApiVersions && apiVersion >= ApiCatalog.FirstFlexibleVersion(apiKey) ? (short)1 : (short)0;
}
