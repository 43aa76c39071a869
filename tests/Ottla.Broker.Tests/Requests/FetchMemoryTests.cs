using Ottla.Broker.Authorization;
using Ottla.Broker.Requests;
using Ottla.Broker.Requests.Fetch;
using Ottla.Broker.Requests.Partitions;
using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Requests;

public sealed class FetchMemoryTests
{
    private const int BatchBytes = 100_000;

    [Fact]
    public async Task Fetches_share_the_memory_and_each_gets_its_first_batch()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await FillAsync(scenario, "t", batches: 4);
        var memory = new FetchMemory((2 * BatchBytes) + (BatchBytes / 2));
        var reader = new FetchReader(new PartitionDirectory(scenario.Broker.Storage.Partitions, () => scenario.Broker.Storage.Metadata.Current), memory);

        FetchReading first = await ReadAsync(reader);
        FetchReading second = await ReadAsync(reader);

        Assert.InRange(first.RecordBytes, 2 * BatchBytes, (2 * BatchBytes) + 1_000);
        Assert.InRange(second.RecordBytes, BatchBytes, BatchBytes + 500);
        first.Dispose();
        second.Dispose();
        Assert.Equal(0, memory.UsedBytes);
    }

    [Fact]
    public async Task A_response_gives_its_memory_back_when_it_is_sent()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await FillAsync(scenario, "t", batches: 1);
        var memory = new FetchMemory(limitInBytes: 1_000_000);
        var reader = new FetchReader(new PartitionDirectory(scenario.Broker.Storage.Partitions, () => scenario.Broker.Storage.Metadata.Current), memory);
        RequestContext context = Context();

        (await ReadAsync(reader)).ReleaseAfterResponse(context);

        Assert.InRange(memory.UsedBytes, BatchBytes, 1_000_000);
        context.Release();
        Assert.Equal(0, memory.UsedBytes);
    }

    private static async Task FillAsync(BrokerScenario scenario, string topic, int batches)
    {
        await scenario.CreateTopicAsync(topic);
        await using TestClient client = await scenario.ConnectAsync();
        for (int batch = 0; batch < batches; batch++)
        {
            Assert.Equal(ErrorCode.None, (await client.ProduceAsync(topic, Batches.Of(new string('x', BatchBytes)))).ErrorCode);
        }
    }

    private static async Task<FetchReading> ReadAsync(FetchReader reader)
    {
        FetchRequest request = DataRequests.Fetch("t", offset: 0);
        var target = new FetchTarget("t", Guid.Empty, request.Topics[0].Partitions[0]);
        return await reader.ReadAsync([target], request, 1 << 20, Context(), TestContext.Current.CancellationToken);
    }

    private static RequestContext Context() => new(
        new AllowAllAuthorizer(),
        new RequestSource { ClientHost = "127.0.0.1", Listener = new ListenerName("PLAINTEXT"), Principal = Principal.Anonymous, DeadlineMilliseconds = 1_000 })
    {
        ApiKey = ApiKey.Fetch,
        ApiVersion = 12,
        CorrelationId = 1,
        ClientId = "test",
        ReceivedTimestamp = 0,
    };
}
