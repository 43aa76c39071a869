using System.Buffers.Binary;
using Ottla.Broker.Connections;
using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Requests;

public sealed class ApiVersionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Exactly_what_has_a_handler_is_advertised(short version)
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), new ControlledHeartbeats());
        await using TestClient client = await scenario.ConnectAsync();

        ApiVersionsResponse response = await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(Named("test", "1.0"), version);

        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.Equal(
            [((short)ApiKey.Heartbeat, 0, 4), ((short)ApiKey.ApiVersions, 0, 5)],
            response.ApiKeys.Select(row => (row.ApiKey, (int)row.MinVersion, (int)row.MaxVersion)));
        Assert.Equal(version >= 3 ? 1 : 0, response.FinalizedFeatures.Count);
    }

    [Fact]
    public async Task A_version_from_the_future_is_answered_in_version_zero_with_its_own_row()
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), new ControlledHeartbeats());
        await using TestClient client = await scenario.ConnectAsync();
        byte[] request = new byte[4 + 8 + 2 + 1 + 20];
        BinaryPrimitives.WriteInt32BigEndian(request, request.Length - 4);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(4), (short)ApiKey.ApiVersions);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(6), 99);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(8), 1);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(12), -1);

        await client.SendBytesAsync(request);
        ApiVersionsResponse response = await client.ReceiveAsync<ApiVersionsResponse>(0, 1);

        Assert.Equal(ErrorCode.UnsupportedVersion, response.ErrorCode);
        ApiVersionsResponse.ApiVersion row = Assert.Single(response.ApiKeys);
        Assert.Equal(((short)ApiKey.ApiVersions, 0, 5), (row.ApiKey, (int)row.MinVersion, (int)row.MaxVersion));
        Assert.Equal(ErrorCode.None, (await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0)).ErrorCode);
    }

    [Theory]
    [InlineData("", "1.0")]
    [InlineData("-java", "1.0")]
    [InlineData("java", "1.0-")]
    [InlineData("ja va", "1.0")]
    [InlineData("jäva", "1.0")]
    public async Task Software_names_that_break_the_rule_are_refused(string name, string softwareVersion)
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions());
        await using TestClient client = await scenario.ConnectAsync();

        ApiVersionsResponse response = await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(Named(name, softwareVersion), 3);

        Assert.Equal(ErrorCode.InvalidRequest, response.ErrorCode);
    }

    [Theory]
    [InlineData("cluster", 1, ErrorCode.None)]
    [InlineData(null, -1, ErrorCode.None)]
    [InlineData("other", 1, ErrorCode.RebootstrapRequired)]
    [InlineData("cluster", 2, ErrorCode.RebootstrapRequired)]
    public async Task A_client_that_means_another_cluster_or_node_is_sent_back(string? clusterId, int nodeId, ErrorCode expected)
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions());
        await using TestClient client = await scenario.ConnectAsync();
        ApiVersionsRequest request = Named("java", "4.4");
        (request.ClusterId, request.NodeId) = (clusterId, nodeId);

        Assert.Equal(expected, (await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(request, 5)).ErrorCode);
    }

    [Fact]
    public async Task A_broker_advertises_produce_from_version_zero()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        ApiVersionsResponse response = await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);

        Assert.Equal((0, 13), Row(ApiKey.Produce));
        Assert.Equal((0, 18), Row(ApiKey.Fetch));
        Assert.Equal((0, 11), Row(ApiKey.ListOffsets));

        (int, int) Row(ApiKey key)
        {
            ApiVersionsResponse.ApiVersion row = response.ApiKeys.Single(candidate => candidate.ApiKey == (short)key);
            return (row.MinVersion, row.MaxVersion);
        }
    }

    private static ApiVersionsRequest Named(string name, string version) => new() { ClientSoftwareName = name, ClientSoftwareVersion = version };
}
