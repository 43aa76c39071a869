using Ottla.Broker.Connections;
using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Tests.Connections;

public sealed class PipelineTests
{
    private const short Version = 4;

    [Fact]
    public async Task Responses_come_in_the_order_of_their_requests()
    {
        var handler = new ControlledHeartbeats();
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), handler);
        await using TestClient client = await scenario.ConnectAsync();
        int first = client.Queue(Heartbeat(1), Version);
        int second = client.Queue(Heartbeat(2), Version);
        int third = client.Queue(Heartbeat(3), Version);
        await client.FlushAsync();

        handler.Answer(3);
        handler.Answer(2);
        handler.Answer(1);

        Assert.Equal(1, (await client.ReceiveAsync<HeartbeatResponse>(Version, first)).ThrottleTimeMs);
        Assert.Equal(2, (await client.ReceiveAsync<HeartbeatResponse>(Version, second)).ThrottleTimeMs);
        Assert.Equal(3, (await client.ReceiveAsync<HeartbeatResponse>(Version, third)).ThrottleTimeMs);
        Assert.Equal([1, 2, 3], handler.Begun);
    }

    [Fact]
    public async Task A_request_that_waits_does_not_keep_the_next_ones_from_their_first_stage()
    {
        var handler = new ControlledHeartbeats { ImmediateFrom = 2 };
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), handler);
        await using TestClient client = await scenario.ConnectAsync();
        await using TestClient witness = await scenario.ConnectAsync();
        int first = await client.SendAsync(Heartbeat(1), Version);
        int second = await client.SendAsync(Heartbeat(2), Version);
        while (handler.Begun.Count < 2)
        {
            await witness.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);
        }

        handler.Answer(1);

        Assert.Equal(1, (await client.ReceiveAsync<HeartbeatResponse>(Version, first)).ThrottleTimeMs);
        Assert.Equal(2, (await client.ReceiveAsync<HeartbeatResponse>(Version, second)).ThrottleTimeMs);
    }

    [Fact]
    public async Task More_requests_than_may_be_under_way_wait_in_the_socket()
    {
        const int Limit = 3;
        var handler = new ControlledHeartbeats();
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions { MaxInFlightRequests = Limit }, handler);
        await using TestClient client = await scenario.ConnectAsync();
        int[] ids = [.. Enumerable.Range(1, 10).Select(generation => client.Queue(Heartbeat(generation), Version))];
        await client.FlushAsync();

        for (int generation = 1; generation <= ids.Length; generation++)
        {
            handler.Answer(generation);
            Assert.Equal(generation, (await client.ReceiveAsync<HeartbeatResponse>(Version, ids[generation - 1])).ThrottleTimeMs);
            Assert.InRange(handler.Begun.Count, generation, generation + Limit);
        }
    }

    [Fact]
    public async Task Thousands_of_pipelined_requests_are_answered_one_by_one()
    {
        const int Requests = 5_000;
        var handler = new ControlledHeartbeats { ImmediateFrom = 0 };
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), handler);
        await using TestClient client = await scenario.ConnectAsync();
        int[] ids = [.. Enumerable.Range(0, Requests).Select(generation => client.Queue(Heartbeat(generation), Version))];
        Task sending = client.FlushAsync();

        for (int index = 0; index < Requests; index++)
        {
            Assert.Equal(index, (await client.ReceiveAsync<HeartbeatResponse>(Version, ids[index])).ThrottleTimeMs);
        }

        await sending;
    }

    [Fact]
    public async Task A_handler_that_throws_becomes_an_error_and_the_connection_goes_on()
    {
        var handler = new ControlledHeartbeats { ImmediateFrom = 2 };
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), handler);
        await using TestClient client = await scenario.ConnectAsync();
        int first = await client.SendAsync(Heartbeat(1), Version);

        handler.Fail(1);

        Assert.Equal(ErrorCode.UnknownServerError, (await client.ReceiveAsync<HeartbeatResponse>(Version, first)).ErrorCode);
        Assert.Equal(2, (await client.AskAsync<HeartbeatRequest, HeartbeatResponse>(Heartbeat(2), Version)).ThrottleTimeMs);
    }

    [Fact]
    public async Task A_handler_that_throws_without_an_answer_to_give_closes_the_connection_after_the_earlier_responses()
    {
        var handler = new ControlledHeartbeats
        {
            Immediately = static (request, _) => request.GroupId == "no-answer"
                ? throw new InvalidOperationException("A bug.")
                : new HeartbeatResponse { ThrottleTimeMs = request.GenerationId },
        };
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), handler);
        await using TestClient client = await scenario.ConnectAsync();
        int first = client.Queue(Heartbeat(1), Version);
        client.Queue(new HeartbeatRequest { GroupId = "no-answer" }, Version);
        await client.FlushAsync();

        Assert.Equal(1, (await client.ReceiveAsync<HeartbeatResponse>(Version, first)).ThrottleTimeMs);
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task A_client_that_goes_away_cancels_what_its_requests_wait_for()
    {
        var handler = new ControlledHeartbeats();
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), handler);
        await using (TestClient client = await scenario.ConnectAsync())
        {
            await client.SendAsync(Heartbeat(1), Version);
        }

        await using TestClient witness = await scenario.ConnectAsync();
        while (scenario.Connections.CountOf(new Broker.Requests.ListenerName("PLAINTEXT")) > 1)
        {
            await witness.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);
        }

        Assert.Equal(0, scenario.Parts.Budget.UsedBytes);
    }

    [Fact]
    public async Task Work_for_others_runs_after_the_response()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new ControlledHeartbeats
        {
            Immediately = (_, context) =>
            {
                context.RunAfterResponse(() => ran.TrySetResult());
                return new HeartbeatResponse();
            },
        };
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), handler);
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.None, (await client.AskAsync<HeartbeatRequest, HeartbeatResponse>(Heartbeat(1), Version)).ErrorCode);

        await ran.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_stop_answers_the_requests_that_are_under_way()
    {
        var handler = new ControlledHeartbeats();
        await using PipelineScenario scenario = await PipelineScenario.StartAsync(new ConnectionOptions(), handler);
        await using TestClient client = await scenario.ConnectAsync();
        await using TestClient witness = await scenario.ConnectAsync();
        int first = await client.SendAsync(Heartbeat(1), Version);
        while (handler.Begun.IsEmpty)
        {
            await witness.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new ApiVersionsRequest(), 0);
        }

        Task stopping = scenario.Connections.StopAsync();
        handler.Answer(1);

        Assert.Equal(1, (await client.ReceiveAsync<HeartbeatResponse>(Version, first)).ThrottleTimeMs);
        Assert.Null(await client.ReceiveFrameAsync());
        await stopping;
    }

    private static HeartbeatRequest Heartbeat(int generation) => new() { GroupId = "g", MemberId = "m", GenerationId = generation };
}
