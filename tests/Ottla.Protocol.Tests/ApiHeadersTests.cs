namespace Ottla.Protocol.Tests;

/// <summary>Which header goes with which request.</summary>
public sealed class ApiHeadersTests
{
    [Theory]
    [InlineData(ApiKey.ControlledShutdown, 0, 0)]
    [InlineData(ApiKey.ControlledShutdown, 1, 1)]
    [InlineData(ApiKey.Produce, 8, 1)]
    [InlineData(ApiKey.Produce, 9, 2)]
    [InlineData(ApiKey.SaslHandshake, 1, 1)]
    [InlineData(ApiKey.ApiVersions, 2, 1)]
    [InlineData(ApiKey.ApiVersions, 3, 2)]
    [InlineData(ApiKey.DescribeCluster, 0, 2)]
    [InlineData((ApiKey)999, 5, 1)]
    public void A_request_has_header_2_from_its_first_flexible_version_on(ApiKey apiKey, short version, short expected) =>
        Assert.Equal(expected, ApiHeaders.RequestHeaderVersion(apiKey, version));

    [Theory]
    [InlineData(ApiKey.Fetch, 11, 0)]
    [InlineData(ApiKey.Fetch, 12, 1)]
    [InlineData(ApiKey.SaslHandshake, 1, 0)]
    [InlineData(ApiKey.ApiVersions, 0, 0)]
    [InlineData(ApiKey.ApiVersions, 5, 0)]
    public void A_response_has_header_1_in_flexible_versions_but_ApiVersions_never(ApiKey apiKey, short version, short expected) =>
        Assert.Equal(expected, ApiHeaders.ResponseHeaderVersion(apiKey, version));

    [Fact]
    public void The_catalog_knows_every_key_but_those_of_ZooKeeper_clusters()
    {
        ApiKey[] gone = [ApiKey.LeaderAndIsr, ApiKey.StopReplica, ApiKey.UpdateMetadata, ApiKey.ControlledShutdown];

        Assert.Equal(Enum.GetValues<ApiKey>().Except(gone), ApiCatalog.All.Select(api => api.Key));
        Assert.All(gone, key => Assert.False(ApiCatalog.TryFind(key, out _)));
        Assert.True(ApiCatalog.TryFind(ApiKey.Fetch, out ApiDescription fetch));
        Assert.Equal(new ApiDescription(ApiKey.Fetch, new VersionRange(0, 18), 12, ApiListeners.Broker | ApiListeners.Controller), fetch);
    }
}
