using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Records;

namespace Ottla.Broker.Tests.Requests;

public sealed class ListOffsetsTests
{
    private const long Start = 1_700_000_000_000;

    [Fact]
    public async Task A_timestamp_finds_the_first_record_that_is_not_older()
    {
        await using BrokerScenario scenario = await ThreeBatchesAsync();
        await using TestClient client = await scenario.ConnectAsync();

        // Batches of two records each at Start, Start + 10 and Start + 20, so every offset of every batch is looked up, and the gaps.
        Assert.Equal((0, Start), await FindAsync(client, 0));
        Assert.Equal((0, Start), await FindAsync(client, Start));
        Assert.Equal((1, Start + 1), await FindAsync(client, Start + 1));
        Assert.Equal((2, Start + 10), await FindAsync(client, Start + 2));
        Assert.Equal((3, Start + 11), await FindAsync(client, Start + 11));
        Assert.Equal((4, Start + 20), await FindAsync(client, Start + 12));
        Assert.Equal((5, Start + 21), await FindAsync(client, Start + 21));
        Assert.Equal((-1, -1), await FindAsync(client, Start + 22));
    }

    [Fact]
    public async Task Special_timestamps_find_the_ends_and_the_newest_record()
    {
        await using BrokerScenario scenario = await ThreeBatchesAsync();
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(6, (await client.ListOffsetAsync("t", -1)).Offset);
        Assert.Equal(0, (await client.ListOffsetAsync("t", -2)).Offset);
        ListOffsetsResponse.ListOffsetsPartitionResponse newest = await client.ListOffsetAsync("t", -3);
        Assert.Equal((5, Start + 21), (newest.Offset, newest.Timestamp));
        Assert.Equal(0, (await client.ListOffsetAsync("t", -4, version: 8)).Offset);
        Assert.Equal(-1, (await client.ListOffsetAsync("t", -5, version: 9)).Offset);
        Assert.Equal(-1, (await client.ListOffsetAsync("t", -6, version: 11)).Offset);
    }

    [Theory]
    [InlineData(-3, 6)]
    [InlineData(-4, 7)]
    [InlineData(-5, 8)]
    [InlineData(-6, 10)]
    [InlineData(-7, 11)]
    public async Task A_timestamp_that_the_version_does_not_have_is_refused(long timestamp, short version)
    {
        await using BrokerScenario scenario = await ThreeBatchesAsync();
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.UnsupportedVersion, (await client.ListOffsetAsync("t", timestamp, version)).ErrorCode);
    }

    [Fact]
    public async Task Version_zero_answers_a_list()
    {
        await using BrokerScenario scenario = await ThreeBatchesAsync();
        await using TestClient client = await scenario.ConnectAsync();
        var request = new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new() { Name = "t", Partitions = [new() { Timestamp = -1, MaxNumOffsets = 2 }] }],
        };

        ListOffsetsResponse response = await client.AskAsync<ListOffsetsRequest, ListOffsetsResponse>(request, 0);

        Assert.Equal([6, 0], response.Topics[0].Partitions[0].OldStyleOffsets);
    }

    [Fact]
    public async Task A_partition_that_is_named_twice_is_refused_once()
    {
        await using BrokerScenario scenario = await ThreeBatchesAsync();
        await using TestClient client = await scenario.ConnectAsync();
        var request = new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new() { Name = "t", Partitions = [new() { Timestamp = -1 }, new() { Timestamp = -2 }, new() { Timestamp = -2 }] }],
        };

        ListOffsetsResponse response = await client.AskAsync<ListOffsetsRequest, ListOffsetsResponse>(request, 7);

        Assert.Equal(ErrorCode.InvalidRequest, Assert.Single(response.Topics[0].Partitions).ErrorCode);
    }

    [Fact]
    public async Task The_end_of_an_epoch_is_the_end_of_the_log_while_it_lasts()
    {
        await using BrokerScenario scenario = await ThreeBatchesAsync();
        await using TestClient client = await scenario.ConnectAsync();
        ListOffsetsResponse.ListOffsetsPartitionResponse latest = await client.ListOffsetAsync("t", -1);
        var request = new OffsetForLeaderEpochRequest
        {
            ReplicaId = -1,
            Topics = [new() { Topic = "t", Partitions = [new() { LeaderEpoch = latest.LeaderEpoch, CurrentLeaderEpoch = -1 }] }],
        };

        OffsetForLeaderEpochResponse response = await client.AskAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(request, 4);

        OffsetForLeaderEpochResponse.EpochEndOffset end = response.Topics[0].Partitions[0];
        Assert.Equal((ErrorCode.None, latest.LeaderEpoch, 6L), (end.ErrorCode, end.LeaderEpoch, end.EndOffset));
    }

    private static async Task<(long Offset, long Timestamp)> FindAsync(TestClient client, long timestamp)
    {
        ListOffsetsResponse.ListOffsetsPartitionResponse found = await client.ListOffsetAsync("t", timestamp);
        Assert.Equal(ErrorCode.None, found.ErrorCode);
        return (found.Offset, found.Timestamp);
    }

    private static async Task<BrokerScenario> ThreeBatchesAsync()
    {
        BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        for (int batch = 0; batch < 3; batch++)
        {
            ProduceResponse.PartitionProduceResponse answer =
                await client.ProduceAsync("t", Batches.At(RecordBatchOptions.Default, Start + (batch * 10), "a", "b"));
            Assert.Equal(ErrorCode.None, answer.ErrorCode);
        }

        return scenario;
    }
}
