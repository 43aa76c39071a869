using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Requests;

public sealed class FetchSessionTests
{
    [Fact]
    public async Task An_incremental_fetch_names_only_what_is_new()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t", 3);
        await using TestClient client = await scenario.ConnectAsync();

        FetchResponse full = await FetchAsync(client, Session(0, 0, (0, 0), (1, 0), (2, 0)));
        Assert.True(full.SessionId > 0);
        Assert.Equal([0, 1, 2], full.Responses.SelectMany(topic => topic.Partitions).Select(partition => partition.PartitionIndex));

        Assert.Empty((await FetchAsync(client, Session(full.SessionId, 1))).Responses);
        await client.ProduceAsync("t", Batches.Of("a"), partition: 1);
        FetchResponse incremental = await FetchAsync(client, Session(full.SessionId, 2));

        FetchResponse.PartitionData news = Assert.Single(Assert.Single(incremental.Responses).Partitions);
        Assert.Equal(1, news.PartitionIndex);
        Assert.Equal([(0, "a")], Batches.Read(news.Records));
        Assert.Empty((await FetchAsync(client, Session(full.SessionId, 3, (1, 1)))).Responses);
    }

    [Fact]
    public async Task A_forgotten_partition_is_not_read_any_more()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t", 2);
        await using TestClient client = await scenario.ConnectAsync();
        FetchResponse full = await FetchAsync(client, Session(0, 0, (0, 0), (1, 0)));
        FetchRequest forget = Session(full.SessionId, 1);
        forget.ForgottenTopicsData.Add(new FetchRequest.ForgottenTopic { Topic = "t", Partitions = [1] });
        await FetchAsync(client, forget);

        await client.ProduceAsync("t", Batches.Of("a"), partition: 1);

        Assert.Empty((await FetchAsync(client, Session(full.SessionId, 2))).Responses);
    }

    [Fact]
    public async Task Unknown_sessions_and_wrong_epochs_are_refused()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        FetchResponse full = await FetchAsync(client, Session(0, 0, (0, 0)));

        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (await FetchAsync(client, Session(full.SessionId, 2))).ErrorCode);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await FetchAsync(client, Session(full.SessionId ^ 1, 1))).ErrorCode);
        Assert.Equal(ErrorCode.None, (await FetchAsync(client, Session(full.SessionId, -1, (0, 0)))).ErrorCode);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await FetchAsync(client, Session(full.SessionId, 1))).ErrorCode);
    }

    [Fact]
    public async Task A_session_that_began_with_names_does_not_go_on_with_ids()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        FetchResponse full = await FetchAsync(client, Session(0, 0, (0, 0)));

        FetchResponse byId = await client.AskAsync<FetchRequest, FetchResponse>(Session(full.SessionId, 1), 13);

        Assert.Equal(ErrorCode.FetchSessionTopicIdError, byId.ErrorCode);
    }

    [Fact]
    public async Task Without_a_free_slot_a_fetch_is_answered_without_a_session()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync(("max.incremental.fetch.session.cache.slots", "1"));
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();

        Assert.NotEqual(0, (await FetchAsync(client, Session(0, 0, (0, 0)))).SessionId);
        FetchResponse second = await FetchAsync(client, Session(0, 0, (0, 0)));

        Assert.Equal((ErrorCode.None, 0), (second.ErrorCode, second.SessionId));
        Assert.Single(second.Responses);
    }

    [Fact]
    public async Task Partitions_take_turns_when_a_response_cannot_hold_all()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t", 2);
        await using TestClient client = await scenario.ConnectAsync();
        await client.ProduceAsync("t", Batches.Of("a"), partition: 0);
        await client.ProduceAsync("t", Batches.Of("b"), partition: 1);
        FetchRequest first = Session(0, 0, (0, 0), (1, 0));
        first.MaxBytes = 1;

        FetchResponse full = await FetchAsync(client, first);
        FetchRequest next = Session(full.SessionId, 1);
        next.MaxBytes = 1;
        FetchResponse second = await FetchAsync(client, next);

        Assert.Equal([0], WithRecords(full));
        Assert.Equal([1], WithRecords(second));
    }

    private static IEnumerable<int> WithRecords(FetchResponse response) =>
        from topic in response.Responses
        from partition in topic.Partitions
        where partition.Records is { Length: > 0 }
        select partition.PartitionIndex;

    private static Task<FetchResponse> FetchAsync(TestClient client, FetchRequest request) => client.AskAsync<FetchRequest, FetchResponse>(request, 12);

    private static FetchRequest Session(int id, int epoch, params (int Partition, long Offset)[] partitions)
    {
        var request = new FetchRequest { MaxBytes = 1 << 20, MinBytes = 0, SessionId = id, SessionEpoch = epoch };
        if (partitions.Length > 0)
        {
            request.Topics.Add(new FetchRequest.FetchTopic
            {
                Topic = "t",
                Partitions = [.. partitions.Select(partition => new FetchRequest.FetchPartition
                {
                    Partition = partition.Partition,
                    FetchOffset = partition.Offset,
                    PartitionMaxBytes = 1 << 20,
                })],
            });
        }

        return request;
    }
}
