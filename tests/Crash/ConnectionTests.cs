using System.Buffers.Binary;
using System.Diagnostics;
using Confluent.Kafka;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>Many connections that do nothing, half of something, or never read: the broker's memory is bounded and others are served.</summary>
public sealed class ConnectionTests
{
    private const string Topic = "witness";

    // The kernel's queue of connections that are not accepted yet; a client that it has no room for tries again only after a second.
    private const string LongBacklog = "socket.listen.backlog.size=4096";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_thousand_idle_connections_take_little_and_leave_nothing_behind()
    {
        const int Connections = 5_000;
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [LongBacklog], Cancellation);
        await ServeAsync(broker);
        long memoryBefore = ProcessFacts.ResidentMebibytes(broker.ProcessId);

        await using (ClientSockets idle = new(broker.Port))
        {
            // Every second one has asked something before it falls silent.
            await idle.OpenAsync(Connections);
            await idle.SendAsync(ApiVersionsFrame, every: 2);
            await WaitForOpenAsync(broker, open => open >= Connections);
            await ServeAsync(broker);
            long memory = ProcessFacts.ResidentMebibytes(broker.ProcessId);
            TestContext.Current.TestOutputHelper?.WriteLine($"{memoryBefore} MiB before, {memory} MiB with {Connections} connections");
            Assert.InRange(memory - memoryBefore, 0, 128);
        }

        await WaitForOpenAsync(broker, open => open <= 10);
        await ServeAsync(broker);
        Assert.Equal(0, (await broker.StopAsync(Cancellation)).ExitCode);
    }

    [Fact]
    public async Task Connections_that_stop_half_way_are_closed_in_time_and_hold_up_nobody()
    {
        const int Connections = 400, ClaimedBytes = 128 * 1024;
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [LongBacklog, "connections.max.idle.ms=15000"], Cancellation);
        await ServeAsync(broker);
        byte[] begun = new byte[104];
        BinaryPrimitives.WriteInt32BigEndian(begun, ClaimedBytes);
        await using ClientSockets nothing = new(broker.Port), prefix = new(broker.Port), body = new(broker.Port), small = new(broker.Port);
        ClientSockets[] all = [nothing, prefix, body, small];
        foreach (ClientSockets some in all)
        {
            await some.OpenAsync(Connections / all.Length);
        }

        await prefix.SendAsync(begun.AsMemory(0, 3));
        await body.SendAsync(begun);
        await small.SendAsync(ApiVersionsFrame.AsMemory(0, ApiVersionsFrame.Length - 1));
        await WaitForOpenAsync(broker, open => open >= Connections);
        Stopwatch elapsed = Stopwatch.StartNew();
        await ServeAsync(broker);
        Assert.True(elapsed.Elapsed < TimeSpan.FromSeconds(5), $"others waited {elapsed.Elapsed}");

        // The grace of a frame is 30 s, and one more for each 64 KiB that it claims.
        await WaitForOpenAsync(broker, open => open <= 10, seconds: 60);
        await ServeAsync(broker);
        Assert.InRange(ProcessFacts.PeakMebibytes(broker.ProcessId), 1, 256);
        Assert.Equal(0, (await broker.StopAsync(Cancellation)).ExitCode);
    }

    [Fact]
    public async Task Two_hundred_clients_that_never_read_what_they_fetch_are_bounded_and_hold_up_nobody()
    {
        const int Connections = 200, FetchesPerConnection = 20, Records = 40, HeapMebibytes = 512;
        await using BrokerProcess broker = await BrokerProcess.StartWithinAsync(HeapMebibytes, [LongBacklog], Cancellation);
        await ServeAsync(broker);
        using (IProducer<string, string> producer = ConfluentClients.NewProducer(broker.Address, isIdempotent: false))
        {
            string value = new('x', 100_000);
            await Task.WhenAll(Enumerable.Range(0, Records).Select(_ => producer.ProduceAsync(Topic, new Message<string, string> { Value = value }, Cancellation)));
        }

        long memoryBefore = ProcessFacts.ResidentMebibytes(broker.ProcessId);
        await using ClientSockets deaf = new(broker.Port);
        await deaf.OpenAsync(Connections);
        for (int count = 0; count < FetchesPerConnection; count++)
        {
            await deaf.SendAsync(FetchFrame(maxBytes: 1024 * 1024));
        }

        Stopwatch elapsed = Stopwatch.StartNew();
        for (int count = 0; count < 20; count++)
        {
            await ServeAsync(broker);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{memoryBefore} MiB before, {ProcessFacts.PeakMebibytes(broker.ProcessId)} MiB at most, others served in {elapsed.Elapsed}");
        Assert.True(elapsed.Elapsed < TimeSpan.FromSeconds(30), $"others waited {elapsed.Elapsed}");

        // What 200 pipelines of eight unread answers of 1 MiB would hold, were they not bounded, is 1,600 MiB.
        Assert.InRange(ProcessFacts.PeakMebibytes(broker.ProcessId), 1, HeapMebibytes + 64);
        Assert.DoesNotContain("OutOfMemory", broker.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await broker.StopAsync(Cancellation)).ExitCode);
    }

    // Somebody else produces and reads.
    private static async Task ServeAsync(BrokerProcess broker)
    {
        using IProducer<string, string> producer = ConfluentClients.NewProducer(broker.Address, isIdempotent: false);
        DeliveryResult<string, string> written = await producer.ProduceAsync(Topic, new Message<string, string> { Value = "here" }, Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        using IConsumer<string, string> consumer = ConfluentClients.NewConsumer(broker.Address, "reader-without-commits");
        consumer.Assign(written.TopicPartitionOffset);
        Assert.Equal("here", consumer.Consume(TimeSpan.FromSeconds(20))?.Message?.Value);
    }

    private static async Task WaitForOpenAsync(BrokerProcess broker, Func<int, bool> holds, int seconds = 30)
    {
        using PeriodicTimer clock = new(TimeSpan.FromMilliseconds(50));
        Stopwatch elapsed = Stopwatch.StartNew();
        while (!holds(ProcessFacts.OpenSockets(broker.ProcessId)))
        {
            Assert.True(elapsed.Elapsed.TotalSeconds < seconds, $"the broker still has {ProcessFacts.OpenSockets(broker.ProcessId)} sockets open after {elapsed.Elapsed}");
            await clock.WaitForNextTickAsync(Cancellation);
        }
    }

    private static byte[] ApiVersionsFrame { get; } = Frame(new ApiVersionsRequest(), 0);

    private static byte[] FetchFrame(int maxBytes) => Frame(
        new FetchRequest
        {
            ReplicaId = -1,
            MinBytes = 1,
            MaxBytes = maxBytes,
            SessionEpoch = -1,
            Topics = [new() { Topic = Topic, Partitions = [new() { PartitionMaxBytes = maxBytes }] }],
        },
        12);

    private static byte[] Frame<TRequest>(TRequest request, short version)
        where TRequest : IApiMessage<TRequest>
    {
        RequestHeader header = new() { RequestApiKey = (short)TRequest.ApiKey, RequestApiVersion = version, ClientId = "silent" };
        short headerVersion = ApiHeaders.RequestHeaderVersion(TRequest.ApiKey, version);
        MessageSize size = default;
        header.Measure(ref size, headerVersion);
        request.Measure(ref size, version);
        byte[] frame = new byte[sizeof(int) + size.Total];
        BinaryPrimitives.WriteInt32BigEndian(frame, size.Total);
        var writer = new ProtocolWriter(frame.AsSpan(sizeof(int)));
        header.Write(ref writer, headerVersion);
        request.Write(ref writer, version);
        return frame;
    }
}
