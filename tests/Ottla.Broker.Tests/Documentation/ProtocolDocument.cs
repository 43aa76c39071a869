using System.Text;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Documentation;

/// <summary>Renders <c>docs/protocol.md</c> from what a broker advertises and from what the schemas describe.</summary>
internal static class ProtocolDocument
{
    private const string Introduction = """
        # Protocol support

        This page is generated from the answer to ApiVersions of a running broker and from the schema files; a test fails when it is stale
        (`OTTLA_TEST_REWRITE=1` rewrites it).

        The schemas ([schemas.md](schemas.md)) reach from the oldest version that Apache Kafka 3.9 still served to the newest stable one of
        Apache Kafka 4.4, so that clients from 0.8 to 4.4 find what they speak. A version that the broker serves is read, acted on and answered
        as Kafka does; what is not served is not advertised, and a request for it closes the connection. The one exception is ApiVersions
        itself, which answers an unknown version in version 0 with the error UNSUPPORTED_VERSION (KIP-511).

        Requests have header version 2 in flexible versions (KIP-482) and 1 below them, responses 1 and 0; ApiVersions always answers with
        header version 0. Unknown tagged fields are kept and passed over. Requests of one connection are answered in their order.

        """;

    public static string Render(ApiVersionsResponse advertised)
    {
        Dictionary<ApiKey, VersionRange> served = advertised.ApiKeys.ToDictionary(
            row => (ApiKey)row.ApiKey, row => new VersionRange(row.MinVersion, row.MaxVersion));
        StringBuilder text = new(Introduction.ReplaceLineEndings("\n"));
        text.Append("\n## Served\n\n");
        text.Append(Invariant($"{served.Count} of {ApiCatalog.All.Length} APIs.\n\n"));
        text.Append("| key | API | versions served | versions described | flexible from |\n| ---: | --- | --- | --- | --- |\n");
        foreach (ApiDescription api in ApiCatalog.All.Where(api => served.ContainsKey(api.Key)))
        {
            text.Append(Invariant($"| {(short)api.Key} | {api.Key} | {served[api.Key]} | {api.Versions} | {FlexibleFrom(api)} |\n"));
        }

        text.Append("\n## Described but not served\n\n");
        text.Append("| key | API | versions described | flexible from | in Kafka offered by |\n| ---: | --- | --- | --- | --- |\n");
        foreach (ApiDescription api in ApiCatalog.All.Where(api => !served.ContainsKey(api.Key)))
        {
            text.Append(Invariant($"| {(short)api.Key} | {api.Key} | {api.Versions} | {FlexibleFrom(api)} | {OfferedBy(api.Listeners)} |\n"));
        }

        text.Append("\nKeys 4 to 7 belong to clusters with ZooKeeper and have no schema.\n");
        return text.ToString();
    }

    private static string FlexibleFrom(ApiDescription api) =>
        api.FirstFlexibleVersion == short.MaxValue ? "never" : Invariant($"{api.FirstFlexibleVersion}");

    private static string OfferedBy(ApiListeners listeners) => listeners switch
    {
        ApiListeners.Broker => "brokers",
        ApiListeners.Controller => "controllers",
        _ => "brokers and controllers",
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
