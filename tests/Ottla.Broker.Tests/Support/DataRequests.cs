using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Support;

/// <summary>Produce, Fetch and ListOffsets requests about one partition, in one line each.</summary>
internal static class DataRequests
{
    public static async Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(
        this TestClient client, string topic, ReadOnlyMemory<byte>? records, int partition = 0, short acks = -1, short version = 9)
    {
        ProduceResponse response = await client.AskAsync<ProduceRequest, ProduceResponse>(Produce(topic, records, partition, acks), version);
        return Assert.Single(Assert.Single(response.Responses).PartitionResponses);
    }

    public static ProduceRequest Produce(string topic, ReadOnlyMemory<byte>? records, int partition = 0, short acks = -1) => new()
    {
        Acks = acks,
        TimeoutMs = 10_000,
        TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = records }] }],
    };

    public static async Task<FetchResponse.PartitionData> FetchAsync(
        this TestClient client, string topic, long offset, int maxWaitMs = 0, int minBytes = 1, int maxBytes = 1 << 20, short version = 12)
    {
        FetchResponse response = await client.AskAsync<FetchRequest, FetchResponse>(Fetch(topic, offset, maxWaitMs, minBytes, maxBytes), version);
        return Assert.Single(Assert.Single(response.Responses).Partitions);
    }

    public static FetchRequest Fetch(string topic, long offset, int maxWaitMs = 0, int minBytes = 1, int maxBytes = 1 << 20) => new()
    {
        ReplicaId = -1,
        MaxWaitMs = maxWaitMs,
        MinBytes = minBytes,
        MaxBytes = maxBytes,
        SessionEpoch = -1,
        Topics = [new() { Topic = topic, Partitions = [new() { FetchOffset = offset, PartitionMaxBytes = maxBytes }] }],
    };

    public static async Task<ListOffsetsResponse.ListOffsetsPartitionResponse> ListOffsetAsync(
        this TestClient client, string topic, long timestamp, short version = 7)
    {
        var request = new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new() { Name = topic, Partitions = [new() { Timestamp = timestamp }] }],
        };
        ListOffsetsResponse response = await client.AskAsync<ListOffsetsRequest, ListOffsetsResponse>(request, version);
        return Assert.Single(Assert.Single(response.Topics).Partitions);
    }
}
