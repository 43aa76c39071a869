using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Documentation;

/// <summary>The page that says what the broker serves says what the broker serves.</summary>
public sealed class ProtocolDocumentTests
{
    [Fact]
    public async Task The_support_matrix_in_the_documentation_is_current()
    {
        string expected = ProtocolDocument.Render(await AskAsync());
        string path = Path.Combine(FindRepositoryRoot(), "docs", "protocol.md");
        if (Environment.GetEnvironmentVariable("OTTLA_TEST_REWRITE") == "1")
        {
            await File.WriteAllTextAsync(path, expected, TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Every_advertised_version_has_a_schema()
    {
        foreach (ApiVersionsResponse.ApiVersion row in (await AskAsync()).ApiKeys)
        {
            Assert.True(ApiCatalog.TryFind((ApiKey)row.ApiKey, out ApiDescription api), $"{row.ApiKey} has no schema.");
            Assert.InRange(row.MinVersion, api.Versions.Lowest, row.MaxVersion);
            Assert.InRange(row.MaxVersion, row.MinVersion, api.Versions.Highest);
        }
    }

    private static async Task<ApiVersionsResponse> AskAsync()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();
        return await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);
    }

    private static string FindRepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ottla.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the source tree.");
    }
}
