using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Requests.Admin;

public sealed class TopicAdminTests
{
    [Fact]
    public async Task Topics_are_created_in_every_version_and_can_be_written_to_at_once()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 7; version++)
        {
            string name = $"t{version}";
            CreateTopicsResponse response = await client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(
                new CreateTopicsRequest { Topics = [new() { Name = name, NumPartitions = 2, ReplicationFactor = 1 }] }, version);

            CreateTopicsResponse.CreatableTopicResult topic = Assert.Single(response.Topics);
            Assert.Equal((name, ErrorCode.None), (topic.Name, topic.ErrorCode));
            Assert.Equal(version >= 7, topic.TopicId != Guid.Empty);
            Assert.Equal(version >= 5 ? 2 : -1, topic.NumPartitions);
            Assert.Equal(version >= 5, topic.Configs is { Count: > 10 });
            Assert.Equal(ErrorCode.None, (await client.ProduceAsync(name, Batches.Of("one"), partition: 1)).ErrorCode);
        }

        CreateTopicsResponse again = await client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new CreateTopicsRequest { Topics = [new() { Name = "t0", NumPartitions = 2, ReplicationFactor = 1 }] }, 5);
        Assert.Equal((ErrorCode.TopicAlreadyExists, "Topic 't0' already exists."), (again.Topics[0].ErrorCode, again.Topics[0].ErrorMessage));
    }

    [Fact]
    public async Task Topics_are_deleted_in_every_version()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 6; version++)
        {
            Guid id = await scenario.CreateTopicAsync("doomed");
            DeleteTopicsRequest request = version >= 6 ? new() { Topics = [new() { TopicId = id }] } : new() { TopicNames = ["doomed"] };
            DeleteTopicsResponse response = await client.AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>(request, version);

            DeleteTopicsResponse.DeletableTopicResult result = Assert.Single(response.Responses);
            Assert.Equal(("doomed", ErrorCode.None), (result.Name, result.ErrorCode));
            Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ProduceAsync("doomed", Batches.Of("late"))).ErrorCode);
            DeleteTopicsResponse again = await client.AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>(request, version);
            Assert.Equal(version >= 6 ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition, Assert.Single(again.Responses).ErrorCode);
        }
    }

    [Fact]
    public async Task Old_clients_do_not_know_that_deletion_can_be_disabled()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync(("delete.topic.enable", "false"));
        await scenario.CreateTopicAsync("kept");
        await using TestClient client = await scenario.ConnectAsync();

        foreach ((short version, ErrorCode error) in new[] { ((short)2, ErrorCode.InvalidRequest), ((short)3, ErrorCode.TopicDeletionDisabled) })
        {
            DeleteTopicsResponse response = await client.AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>(new DeleteTopicsRequest { TopicNames = ["kept"] }, version);
            Assert.Equal(error, Assert.Single(response.Responses).ErrorCode);
        }
    }

    [Fact]
    public async Task Partitions_are_added_and_can_be_written_to_at_once()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders");
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 3; version++)
        {
            CreatePartitionsResponse response = await client.AskAsync<CreatePartitionsRequest, CreatePartitionsResponse>(
                new CreatePartitionsRequest { Topics = [new() { Name = "orders", Count = version + 2, Assignments = null }] }, version);
            Assert.Equal(ErrorCode.None, Assert.Single(response.Results).ErrorCode);
            Assert.Equal(ErrorCode.None, (await client.ProduceAsync("orders", Batches.Of("one"), partition: version + 1)).ErrorCode);
        }
    }

    [Fact]
    public async Task What_is_short_on_one_node_is_answered_in_every_version()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("orders");
        await using TestClient client = await scenario.ConnectAsync();

        for (short version = 0; version <= 2; version++)
        {
            ElectLeadersResponse elected = await client.AskAsync<ElectLeadersRequest, ElectLeadersResponse>(
                new ElectLeadersRequest { TopicPartitions = [new() { Topic = "orders", Partitions = [0, 7] }] }, version);
            Assert.Equal(
                [ErrorCode.ElectionNotNeeded, ErrorCode.UnknownTopicOrPartition],
                Assert.Single(elected.ReplicaElectionResults).PartitionResult.Select(result => result.ErrorCode));
            ElectLeadersResponse all = await client.AskAsync<ElectLeadersRequest, ElectLeadersResponse>(
                new ElectLeadersRequest { TopicPartitions = null }, version);
            Assert.Empty(Assert.Single(all.ReplicaElectionResults).PartitionResult);
        }

        for (short version = 0; version <= 1; version++)
        {
            AlterPartitionReassignmentsRequest request = new() { Topics = [new() { Name = "orders", Partitions = [new() { Replicas = null }, new() { Replicas = [1] }] }] };
            AlterPartitionReassignmentsResponse altered =
                await client.AskAsync<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(request, version);
            Assert.Equal(
                [ErrorCode.NoReassignmentInProgress, ErrorCode.None],
                Assert.Single(altered.Responses).Partitions.Select(partition => partition.ErrorCode));
        }

        ListPartitionReassignmentsResponse running = await client.AskAsync<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>(
            new ListPartitionReassignmentsRequest { Topics = null }, 0);
        Assert.Equal((ErrorCode.None, 0), (running.ErrorCode, running.Topics.Count));
    }

    [Fact]
    public async Task Descriptions_come_in_pages()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("a", 3);
        await scenario.CreateTopicAsync("b", 3);
        await scenario.CreateTopicAsync("c", 1);
        await using TestClient client = await scenario.ConnectAsync();
        List<string> seen = [];
        DescribeTopicPartitionsRequest request = new() { ResponsePartitionLimit = 2 };
        int pages = 0;
        do
        {
            DescribeTopicPartitionsResponse page = await client.AskAsync<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(request, 0);
            Assert.InRange(page.Topics.Sum(topic => topic.Partitions.Count), 1, 2);
            seen.AddRange(page.Topics.SelectMany(topic => topic.Partitions.Select(partition => $"{topic.Name}-{partition.PartitionIndex}")));
            request.Cursor = page.NextCursor is { } next
                ? new DescribeTopicPartitionsRequest.CursorData { TopicName = next.TopicName, PartitionIndex = next.PartitionIndex }
                : null;
            pages++;
        }
        while (request.Cursor is not null);

        Assert.Equal(["a-0", "a-1", "a-2", "b-0", "b-1", "b-2", "c-0"], seen);
        Assert.Equal(4, pages);
    }

    [Fact]
    public async Task Descriptions_name_topics_that_are_not_there_and_refuse_a_cursor_below_0()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("b");
        await using TestClient client = await scenario.ConnectAsync();
        DescribeTopicPartitionsRequest request = new() { Topics = [new() { Name = "missing" }, new() { Name = "b" }] };

        DescribeTopicPartitionsResponse response = await client.AskAsync<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(request, 0);
        Assert.Equal([("b", ErrorCode.None), ("missing", ErrorCode.UnknownTopicOrPartition)], response.Topics.Select(topic => (topic.Name, topic.ErrorCode)));

        request.Cursor = new DescribeTopicPartitionsRequest.CursorData { TopicName = "b", PartitionIndex = -1 };
        response = await client.AskAsync<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(request, 0);
        Assert.All(response.Topics, topic => Assert.Equal(ErrorCode.InvalidRequest, topic.ErrorCode));
    }
}
