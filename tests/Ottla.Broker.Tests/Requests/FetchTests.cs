using Microsoft.Extensions.Time.Testing;
using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Requests;

public sealed class FetchTests
{
    [Fact]
    public async Task A_fetch_at_the_end_waits_for_the_whole_of_its_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(55));
        await using BrokerScenario scenario = await BrokerScenario.StartAsync(time);
        await scenario.CreateTopicAsync("t");
        await using TestClient consumer = await scenario.ConnectAsync();
        await using TestClient other = await scenario.ConnectAsync();

        int fetch = await consumer.SendAsync(DataRequests.Fetch("t", 0, maxWaitMs: 500), 12);
        Task<FetchResponse> answer = consumer.ReceiveAsync<FetchResponse>(12, fetch);
        await WaitUntilParkedAsync(scenario, other);
        time.Advance(TimeSpan.FromMilliseconds(499));
        await other.ListOffsetAsync("t", -1);
        Assert.False(answer.IsCompleted);

        time.Advance(TimeSpan.FromMilliseconds(1));
        FetchResponse.PartitionData data = (await answer).Responses[0].Partitions[0];
        Assert.Equal((ErrorCode.None, 0), (data.ErrorCode, Batches.Require(data.Records).Length));
    }

    [Fact]
    public async Task An_append_wakes_a_fetch_that_waits()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient consumer = await scenario.ConnectAsync();
        await using TestClient producer = await scenario.ConnectAsync();

        int fetch = await consumer.SendAsync(DataRequests.Fetch("t", 0, maxWaitMs: 600_000), 12);
        await WaitUntilParkedAsync(scenario, producer);
        await producer.ProduceAsync("t", Batches.Of("a"));

        FetchResponse response = await consumer.ReceiveAsync<FetchResponse>(12, fetch);
        Assert.Equal([(0, "a")], Batches.Read(response.Responses[0].Partitions[0].Records));
    }

    [Fact]
    public async Task A_fetch_waits_until_its_minimum_of_bytes_is_there()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient consumer = await scenario.ConnectAsync();
        await using TestClient producer = await scenario.ConnectAsync();
        byte[] batch = Batches.Of("a");

        int fetch = await consumer.SendAsync(DataRequests.Fetch("t", 0, maxWaitMs: 600_000, minBytes: batch.Length * 2), 12);
        Task<FetchResponse> answer = consumer.ReceiveAsync<FetchResponse>(12, fetch);
        await WaitUntilParkedAsync(scenario, producer);
        await producer.ProduceAsync("t", batch);
        await producer.ListOffsetAsync("t", -1);
        Assert.False(answer.IsCompleted);

        await producer.ProduceAsync("t", batch);
        Assert.Equal(batch.Length * 2, Batches.Require((await answer).Responses[0].Partitions[0].Records).Length);
    }

    [Fact]
    public async Task Consumers_that_wait_cost_next_to_nothing()
    {
        const int Consumers = 50;
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        var consumers = new List<TestClient>();
        for (int index = 0; index < Consumers; index++)
        {
            TestClient consumer = await scenario.ConnectAsync();
            consumers.Add(consumer);
            await consumer.SendAsync(DataRequests.Fetch("t", 0, maxWaitMs: 1_000), 12);
        }

        // What is counted is how often they are read, not CPU time, which a busy machine would blur: twice each, at their arrival and when
        // their time is up.
        foreach (TestClient consumer in consumers)
        {
            Assert.NotNull(await consumer.ReceiveFrameAsync());
            await consumer.DisposeAsync();
        }

        Assert.InRange(scenario.Broker.Metrics.FetchReads, Consumers, 2 * Consumers);
    }

    [Fact]
    public async Task The_first_batch_is_returned_whole_however_small_the_limits()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        await client.ProduceAsync("t", Batches.Of(new string('x', 100_000)));
        await client.ProduceAsync("t", Batches.Of("b"));

        FetchResponse.PartitionData data = await client.FetchAsync("t", 0, maxBytes: 1);

        (long offset, string value) = Assert.Single(Batches.Read(data.Records));
        Assert.Equal((0, 100_000), (offset, value.Length));
    }

    [Fact]
    public async Task Offsets_outside_of_the_log_are_told_as_such()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        await client.ProduceAsync("t", Batches.Of("a", "b"));
        await client.ProduceAsync("t", Batches.Of("c"));
        var delete = new DeleteRecordsRequest { Topics = [new() { Name = "t", Partitions = [new() { Offset = 2 }] }], TimeoutMs = 1000 };

        DeleteRecordsResponse deleted = await client.AskAsync<DeleteRecordsRequest, DeleteRecordsResponse>(delete, 2);

        Assert.Equal((ErrorCode.None, 2L), (deleted.Topics[0].Partitions[0].ErrorCode, deleted.Topics[0].Partitions[0].LowWatermark));
        FetchResponse.PartitionData before = await client.FetchAsync("t", 1);
        Assert.Equal(ErrorCode.OffsetOutOfRange, before.ErrorCode);
        Assert.Equal((-1, -1, -1), (before.HighWatermark, before.LastStableOffset, before.LogStartOffset));
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await client.FetchAsync("t", 4)).ErrorCode);
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await client.FetchAsync("t", -1)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await client.FetchAsync("t", 2)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await client.FetchAsync("t", 3)).ErrorCode);
    }

    [Fact]
    public async Task Unknown_topics_and_partitions_are_told_as_such()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.FetchAsync("nobody", 0)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ListOffsetAsync("nobody", -1)).ErrorCode);
    }

    [Fact]
    public async Task A_deleted_topic_wakes_who_waits_for_it()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient consumer = await scenario.ConnectAsync();
        await using TestClient other = await scenario.ConnectAsync();
        int fetch = await consumer.SendAsync(DataRequests.Fetch("t", 0, maxWaitMs: 600_000), 12);
        await WaitUntilParkedAsync(scenario, other);

        await scenario.DeleteTopicAsync("t");

        FetchResponse response = await consumer.ReceiveAsync<FetchResponse>(12, fetch);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, response.Responses[0].Partitions[0].ErrorCode);
    }

    [Fact]
    public async Task The_isolation_level_decides_whether_aborted_transactions_are_listed()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        await client.ProduceAsync("t", Batches.Of("a"));
        FetchRequest committed = DataRequests.Fetch("t", 0);
        committed.IsolationLevel = 1;

        FetchResponse readCommitted = await client.AskAsync<FetchRequest, FetchResponse>(committed, 12);
        FetchResponse.PartitionData readUncommitted = await client.FetchAsync("t", 0);

        Assert.Equal([], readCommitted.Responses[0].Partitions[0].AbortedTransactions);
        Assert.Null(readUncommitted.AbortedTransactions);
        Assert.Equal((1, 1), (readUncommitted.LastStableOffset, readUncommitted.HighWatermark));
    }

    [Fact]
    public async Task Leader_epochs_of_the_past_and_of_the_future_are_refused()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await scenario.RestartAsync();
        await using TestClient client = await scenario.ConnectAsync();
        int epoch = Assert.Single(scenario.Broker.Storage.Partitions.All).LeaderEpoch.Value;

        Assert.Equal(ErrorCode.None, await FetchInAsync(epoch));
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, await FetchInAsync(epoch + 1));

        async Task<ErrorCode> FetchInAsync(int currentLeaderEpoch)
        {
            FetchRequest request = DataRequests.Fetch("t", 0);
            request.Topics[0].Partitions[0].CurrentLeaderEpoch = currentLeaderEpoch;
            FetchResponse response = await client.AskAsync<FetchRequest, FetchResponse>(request, 12);
            return response.Responses[0].Partitions[0].ErrorCode;
        }
    }

    [Fact]
    public async Task Replicas_get_nothing()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        FetchRequest request = DataRequests.Fetch("t", 0);
        request.ReplicaId = 2;

        FetchResponse response = await client.AskAsync<FetchRequest, FetchResponse>(request, 12);

        FetchResponse.PartitionData partition = response.Responses[0].Partitions[0];
        Assert.Equal((ErrorCode.NotLeaderOrFollower, 1), (partition.ErrorCode, partition.CurrentLeader.LeaderId));
        Assert.Equal(0, partition.Records?.Length);
    }

    [Fact]
    public async Task A_last_fetched_epoch_that_never_was_is_out_of_range()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        await client.ProduceAsync("t", Batches.Of("a"));
        FetchRequest request = DataRequests.Fetch("t", 0);
        request.Topics[0].Partitions[0].LastFetchedEpoch = 3;

        FetchResponse response = await client.AskAsync<FetchRequest, FetchResponse>(request, 12);

        Assert.Equal(ErrorCode.OffsetOutOfRange, response.Responses[0].Partitions[0].ErrorCode);
    }

    [Fact]
    public async Task Records_are_there_again_after_a_restart()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using (TestClient before = await scenario.ConnectAsync())
        {
            await before.ProduceAsync("t", Batches.Of("a", "b"));
        }

        await scenario.RestartAsync();

        await using TestClient after = await scenario.ConnectAsync();
        Assert.Equal([(0, "a"), (1, "b")], Batches.Read((await after.FetchAsync("t", 0)).Records));
        Assert.Equal(2, (await after.ProduceAsync("t", Batches.Of("c"))).BaseOffset);
    }

    // Requests of different connections have no order of their own; the partition says when somebody waits for it.
    private static async Task WaitUntilParkedAsync(BrokerScenario scenario, TestClient other)
    {
        while (scenario.Broker.Storage.Partitions.All.Sum(partition => partition.WaiterCount) == 0)
        {
            await other.ListOffsetAsync("t", -1);
        }
    }
}
