using Ottla.Broker.Hosting;
using Ottla.Broker.Tests.Support;
using Ottla.Core.Configuration;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Storage.Directories;

namespace Ottla.Broker.Tests.Requests.Admin;

public sealed class ClusterAdminTests
{
    [Fact]
    public async Task Every_version_describes_the_cluster()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync(("broker.rack", "r1"));
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 2; version++)
        {
            DescribeClusterResponse response = await client.AskAsync<DescribeClusterRequest, DescribeClusterResponse>(
                new DescribeClusterRequest { IncludeClusterAuthorizedOperations = true }, version);

            Assert.Equal((ErrorCode.None, scenario.Broker.ClusterId, 1), (response.ErrorCode, response.ClusterId, response.ControllerId));
            DescribeClusterResponse.DescribeClusterBroker broker = Assert.Single(response.Brokers);
            Assert.Equal((1, "127.0.0.1", scenario.EndPoint.Port, "r1", false), (broker.BrokerId, broker.Host, broker.Port, broker.Rack, broker.IsFenced));
            Assert.NotEqual(int.MinValue, response.ClusterAuthorizedOperations);
        }
    }

    [Theory]
    [InlineData(2, ErrorCode.MismatchedEndpointType)]
    [InlineData(3, ErrorCode.UnsupportedEndpointType)]
    public async Task Controllers_do_not_listen_here(sbyte type, ErrorCode error)
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        DescribeClusterResponse response = await client.AskAsync<DescribeClusterRequest, DescribeClusterResponse>(
            new DescribeClusterRequest { EndpointType = type }, 1);

        Assert.Equal((error, 0), (response.ErrorCode, response.Brokers.Count));
    }

    [Fact]
    public async Task The_quorum_is_this_node_alone()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 2; version++)
        {
            DescribeQuorumResponse response = await client.AskAsync<DescribeQuorumRequest, DescribeQuorumResponse>(
                new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new() { PartitionIndex = 0 }] }] },
                version);

            DescribeQuorumResponse.PartitionData partition = response.Topics[0].Partitions[0];
            Assert.Equal((ErrorCode.None, 1, 1), (partition.ErrorCode, partition.LeaderId, partition.LeaderEpoch));
            DescribeQuorumResponse.ReplicaState voter = Assert.Single(partition.CurrentVoters);
            Assert.Equal((1, partition.HighWatermark), (voter.ReplicaId, voter.LogEndOffset));
            Assert.Empty(partition.Observers);
            Assert.Equal(version >= 2 ? [1] : [], response.Nodes.Select(node => node.NodeId));
        }
    }

    [Fact]
    public async Task Only_features_that_are_served_can_be_finalized()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 2; version++)
        {
            Assert.Equal(ErrorCode.None, await UpdateAsync(version, "metadata.version", 30));
            Assert.Equal(ErrorCode.InvalidUpdateVersion, await UpdateAsync(version, "group.version", 1));
        }

        async Task<ErrorCode> UpdateAsync(short version, string feature, short level)
        {
            UpdateFeaturesResponse response = await client.AskAsync<UpdateFeaturesRequest, UpdateFeaturesResponse>(
                new UpdateFeaturesRequest { FeatureUpdates = [new() { Feature = feature, MaxVersionLevel = level }] }, version);
            Assert.Equal(version < 2 && response.ErrorCode == ErrorCode.None ? 1 : 0, response.Results.Count);
            return response.ErrorCode;
        }
    }

    [Fact]
    public async Task There_is_no_access_control_to_ask_about()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 3; version++)
        {
            DescribeAclsResponse described = await client.AskAsync<DescribeAclsRequest, DescribeAclsResponse>(
                new DescribeAclsRequest { ResourceTypeFilter = 1, Operation = 1, PermissionType = 1 }, version);
            CreateAclsResponse created = await client.AskAsync<CreateAclsRequest, CreateAclsResponse>(
                new CreateAclsRequest { Creations = [new() { ResourceType = 2, ResourceName = "t", Principal = "User:a", Host = "*", Operation = 3, PermissionType = 3 }] }, version);
            DeleteAclsResponse deleted = await client.AskAsync<DeleteAclsRequest, DeleteAclsResponse>(
                new DeleteAclsRequest { Filters = [new() { ResourceTypeFilter = 1, Operation = 1, PermissionType = 1 }] }, version);

            Assert.Equal(ErrorCode.SecurityDisabled, described.ErrorCode);
            Assert.Equal(ErrorCode.SecurityDisabled, Assert.Single(created.Results).ErrorCode);
            Assert.Equal(ErrorCode.SecurityDisabled, Assert.Single(deleted.FilterResults).ErrorCode);
        }
    }

    [Fact]
    public async Task Nothing_is_stored_of_quotas_and_credentials()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 1; version++)
        {
            DescribeClientQuotasResponse quotas = await client.AskAsync<DescribeClientQuotasRequest, DescribeClientQuotasResponse>(
                new DescribeClientQuotasRequest { Components = [new() { EntityType = "user", MatchType = 2, Match = null }] }, version);
            Assert.Equal((ErrorCode.None, 0), (quotas.ErrorCode, quotas.Entries!.Count)); // null only with an error
            quotas = await client.AskAsync<DescribeClientQuotasRequest, DescribeClientQuotasResponse>(
                new DescribeClientQuotasRequest { Components = [new() { EntityType = "planet" }] }, version);
            Assert.Equal(ErrorCode.UnsupportedVersion, quotas.ErrorCode);
        }

        DescribeUserScramCredentialsResponse all = await client.AskAsync<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>(
            new DescribeUserScramCredentialsRequest { Users = null }, 0);
        Assert.Equal((ErrorCode.None, 0), (all.ErrorCode, all.Results.Count));
        DescribeUserScramCredentialsResponse named = await client.AskAsync<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>(
            new DescribeUserScramCredentialsRequest { Users = [new() { Name = "a" }, new() { Name = "b" }, new() { Name = "b" }] }, 0);
        Assert.Equal([ErrorCode.ResourceNotFound, ErrorCode.DuplicateResource], named.Results.Select(result => result.ErrorCode));
    }

    [Fact]
    public async Task There_are_no_transactions()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 2; version++)
        {
            ListTransactionsResponse listed = await client.AskAsync<ListTransactionsRequest, ListTransactionsResponse>(
                new ListTransactionsRequest { StateFilters = ["Ongoing", "Imaginary"] }, version);
            Assert.Equal((ErrorCode.None, 0), (listed.ErrorCode, listed.TransactionStates.Count));
            Assert.Equal(["Imaginary"], listed.UnknownStateFilters);
        }

        foreach ((string? pattern, ErrorCode error) in new[]
        {
            ((string?)null, ErrorCode.None), ("", ErrorCode.None), ("my-.*", ErrorCode.None), ("my-(", ErrorCode.InvalidRegularExpression), ("(?=my)", ErrorCode.InvalidRegularExpression),
        })
        {
            ListTransactionsResponse listed = await client.AskAsync<ListTransactionsRequest, ListTransactionsResponse>(
                new ListTransactionsRequest { TransactionalIdPattern = pattern }, 2);
            Assert.Equal((error, 0), (listed.ErrorCode, listed.TransactionStates.Count));
        }

        DescribeTransactionsResponse described = await client.AskAsync<DescribeTransactionsRequest, DescribeTransactionsResponse>(
            new DescribeTransactionsRequest { TransactionalIds = ["mine", ""] }, 0);
        Assert.Equal([ErrorCode.TransactionalIdNotFound, ErrorCode.InvalidRequest], described.TransactionStates.Select(state => state.ErrorCode));
    }

    [Fact]
    public async Task The_metadata_log_lies_where_it_is_configured_and_only_among_the_log_directories()
    {
        string folder = Directory.CreateTempSubdirectory("ottla-metadata-").FullName;
        try
        {
            ConfigurationLoad load = Load(folder, "b");
            await using (BrokerServer broker = await BrokerServer.StartAsync(new BrokerServerOptions { Configuration = load.Configuration! }, TestContext.Current.CancellationToken)) // no errors
            {
                Assert.True(Directory.Exists(Path.Combine(folder, "b", "__cluster_metadata-0")));
            }

            load = Load(Path.Combine(folder, "other"), "elsewhere");
            LogDirectoryException exception = await Assert.ThrowsAsync<LogDirectoryException>(
                () => BrokerServer.StartAsync(new BrokerServerOptions { Configuration = load.Configuration! }, TestContext.Current.CancellationToken)); // no errors
            Assert.Contains("elsewhere", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static ConfigurationLoad Load(string folder, string metadata)
        {
            ConfigurationLoad load = BrokerConfiguration.Load(new Dictionary<string, string>
            {
                ["listeners"] = "PLAINTEXT://127.0.0.1:0",
                ["log.dirs"] = $"{folder}/a,{folder}/b",
                ["metadata.log.dir"] = $"{folder}/{metadata}",
            });
            Assert.Empty(load.Errors);
            return load;
        }
    }
}
