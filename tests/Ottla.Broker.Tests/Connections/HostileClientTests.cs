using System.Buffers.Binary;
using Ottla.Broker.Connections;
using Ottla.Broker.Requests;
using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Connections;

public sealed class HostileClientTests
{
    private static readonly ListenerName Plaintext = new("PLAINTEXT");

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(1_000_001)]
    public async Task A_frame_of_an_impossible_size_closes_the_connection(int size)
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions { MaxRequestBytes = 1_000_000 });
        await using TestClient client = await scenario.ConnectAsync();

        await client.SendBytesAsync(Prefix(size));

        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 18, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 18, 0, 3, 0, 0, 0, 1, 0xFF, 0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    public async Task A_request_that_is_none_closes_the_connection(byte[] body)
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions());
        await using TestClient client = await scenario.ConnectAsync();

        await client.SendBytesAsync([.. Prefix(body.Length), .. body]);

        Assert.Null(await client.ReceiveFrameAsync());
        Assert.Equal(0, scenario.Parts.Budget.UsedBytes);
    }

    [Fact]
    public async Task Unknown_apis_and_versions_close_the_connection()
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), new ControlledHeartbeats { ImmediateFrom = 0 });
        foreach ((short key, short version) in new (short, short)[] { (999, 0), (-1, 0), ((short)ApiKey.Fetch, 12), ((short)ApiKey.Heartbeat, 77) })
        {
            await using TestClient client = await scenario.ConnectAsync();
            byte[] header = new byte[10];
            BinaryPrimitives.WriteInt16BigEndian(header, key);
            BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(2), version);
            BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(8), -1);

            await client.SendBytesAsync([.. Prefix(header.Length), .. header]);

            Assert.Null(await client.ReceiveFrameAsync());
        }
    }

    [Fact]
    public async Task A_frame_that_never_arrives_in_full_is_given_up_in_time()
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions());
        await using TestClient client = await scenario.ConnectAsync();
        await client.SendBytesAsync([.. Prefix(100), 0, 18]);
        await UntilAsync(scenario, () => scenario.Parts.Budget.UsedBytes == 100);

        scenario.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(100, scenario.Parts.Budget.UsedBytes);

        // The clock of the frame may have started only after the first step.
        await UntilAsync(scenario, () =>
        {
            scenario.Time.Advance(TimeSpan.FromSeconds(3));
            return scenario.Parts.Budget.UsedBytes == 0;
        });
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task An_idle_connection_is_closed_and_one_with_a_request_under_way_is_not()
    {
        var handler = new ControlledHeartbeats();
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions { MaxIdleMilliseconds = 60_000 }, handler);
        await using TestClient idle = await scenario.ConnectAsync();
        await using TestClient busy = await scenario.ConnectAsync();
        int id = await busy.SendAsync(new HeartbeatRequest { GenerationId = 1 }, 4);
        await UntilAsync(scenario, () => !handler.Begun.IsEmpty);

        scenario.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(await idle.ReceiveFrameAsync());
        handler.Answer(1);
        Assert.Equal(1, (await busy.ReceiveAsync<HeartbeatResponse>(4, id)).ThrottleTimeMs);
    }

    [Fact]
    public async Task The_longest_idle_time_that_can_be_configured_closes_nothing()
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions { MaxIdleMilliseconds = long.MaxValue });
        await using TestClient idle = await scenario.ConnectAsync();
        await idle.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);

        scenario.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(ErrorCode.None, (await idle.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0)).ErrorCode);
    }

    [Fact]
    public async Task A_client_that_never_reads_stops_being_served_and_is_closed_in_time()
    {
        // Each answer is a megabyte, so the sockets are full after some, and no more requests are begun.
        string large = new('x', 1 << 20);
        var handler = new ControlledDescriptions(large);
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions { MaxIdleMilliseconds = 60_000 }, handler);
        await using TestClient client = await scenario.ConnectAsync();
        for (int index = 0; index < 500; index++)
        {
            client.Queue(new DescribeGroupsRequest { Groups = ["g"] }, 5);
        }

        await client.FlushAsync();
        await using TestClient witness = await scenario.ConnectAsync();
        int before = -1;
        while (before != handler.Count)
        {
            before = handler.Count;
            for (int round = 0; round < 200; round++)
            {
                await witness.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);
            }
        }

        Assert.InRange(handler.Count, 1, 50);

        // The system may still take some bytes, and each of them starts the clock anew; once it takes no more the time runs out.
        await UntilAsync(scenario, () =>
        {
            scenario.Time.Advance(TimeSpan.FromMinutes(2));
            return scenario.Connections.CountOf(Plaintext) == 0;
        });
        Assert.InRange(handler.Count, 1, 50);
    }

    [Fact]
    public async Task Answers_behind_one_that_waits_hold_no_more_memory_than_a_connection_may()
    {
        var handler = new ControlledHeartbeats { ImmediateFrom = 2, HeldBytes = 16 << 20 };
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), handler);
        await using TestClient client = await scenario.ConnectAsync();
        int[] ids = [.. Enumerable.Range(1, 50).Select(generation => client.Queue(new HeartbeatRequest { GenerationId = generation }, 4))];
        await client.FlushAsync();
        await UntilAsync(scenario, () => handler.Begun.Count >= 5);
        await using TestClient witness = await scenario.ConnectAsync();
        for (int round = 0; round < 200; round++)
        {
            await witness.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);
        }

        Assert.Equal(5, handler.Begun.Count);
        handler.Answer(1);

        for (int generation = 1; generation <= ids.Length; generation++)
        {
            Assert.Equal(generation, (await client.ReceiveAsync<HeartbeatResponse>(4, ids[generation - 1])).ThrottleTimeMs);
        }
    }

    [Fact]
    public async Task Requests_wait_for_memory_and_get_it_in_turn()
    {
        var handler = new ControlledHeartbeats();
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions { RequestMemoryBytes = 10 }, handler);
        await using TestClient first = await scenario.ConnectAsync();
        await using TestClient second = await scenario.ConnectAsync();
        int firstId = await first.SendAsync(new HeartbeatRequest { GenerationId = 1 }, 4);
        await UntilAsync(() => !handler.Begun.IsEmpty);
        int secondId = await second.SendAsync(new HeartbeatRequest { GenerationId = 2 }, 4);
        handler.Answer(2);

        Task<HeartbeatResponse> secondAnswer = second.ReceiveAsync<HeartbeatResponse>(4, secondId);
        Assert.False(secondAnswer.IsCompleted);
        Assert.Single(handler.Begun);
        handler.Answer(1);

        Assert.Equal(1, (await first.ReceiveAsync<HeartbeatResponse>(4, firstId)).ThrottleTimeMs);
        Assert.Equal(2, (await secondAnswer).ThrottleTimeMs);
    }

    [Fact]
    public async Task One_address_gets_no_more_connections_than_it_may_have()
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions { MaxConnectionsPerAddress = 1 });
        await using TestClient first = await scenario.ConnectAsync();
        await first.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);

        await using TestClient second = await scenario.ConnectAsync();

        Assert.Null(await second.ReceiveFrameAsync());
        Assert.NotNull(await first.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0));
    }

    [Fact]
    public async Task Beyond_the_limit_of_all_connections_the_next_waits_until_one_closes()
    {
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions { MaxConnections = 1 });
        TestClient first = await scenario.ConnectAsync();
        await first.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);
        await using TestClient second = await scenario.ConnectAsync();
        int id = await second.SendAsync(new ApiVersionsRequest(), 0);
        Task<ApiVersionsResponse> answer = second.ReceiveAsync<ApiVersionsResponse>(0, id);
        await first.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);
        Assert.False(answer.IsCompleted);

        await first.DisposeAsync();

        Assert.Equal(ErrorCode.None, (await answer).ErrorCode);
    }

    private static byte[] Prefix(int size)
    {
        byte[] prefix = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, size);
        return prefix;
    }

    private static async Task UntilAsync(PipelineScenario scenario, Func<bool> condition)
    {
        await using TestClient witness = await scenario.ConnectAsync();
        await witness.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);
        await UntilAsync(condition);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
