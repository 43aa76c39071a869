using System.Diagnostics;
using Confluent.Kafka;
using Ottla.Protocol.Tests.Golden;
using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>
/// Real frames of foreign clients, damaged, against the published file: it stays up, within its memory, serves others meanwhile, and ends
/// every case with an answer or a close.
/// </summary>
public sealed class HostileFrameTests
{
    private const int Connections = 8;
    private const long MostResidentMebibytes = 512;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Two_hundred_thousand_damaged_frames_leave_the_broker_serving() => AssertItServesAsync(200_000);

    [Fact]
    [Trait("Kind", "Long")]
    public Task Ten_million_damaged_frames_leave_the_broker_serving() => AssertItServesAsync(10_000_000);

    private static async Task AssertItServesAsync(int frames)
    {
        int seed = Environment.GetEnvironmentVariable("OTTLA_TEST_SEED") is { } given ? int.Parse(given) : Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"OTTLA_TEST_SEED={seed}");
        byte[][] corpus = [.. GoldenFrame.ReadAll().Where(frame => frame.IsRequest).Select(frame => frame.Bytes)];
        Assert.True(corpus.Length > 100, $"the corpus has only {corpus.Length} requests");
        await using BrokerProcess broker = await BrokerProcess.StartAsync(
            BrokerKind.Ottla, ["queued.max.request.bytes=67108864", "group.initial.rebalance.delay.ms=0", "log.segment.bytes=1048576"], Cancellation);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int> witness = Task.Run(() => WitnessAsync(broker.Address, end.Token), Cancellation);
        HostileConnection[] hostile = [.. Enumerable.Range(0, Connections).Select(_ => new HostileConnection(broker.Port))];
        await Task.WhenAll(hostile.Select((connection, index) => Task.Run(() => AttackAsync(connection, new FrameMutator(corpus, seed + index), frames / Connections), Cancellation)));
        await end.CancelAsync();

        long resident = ProcessFacts.ResidentMebibytes(broker.ProcessId);
        string told = $"OTTLA_TEST_SEED={seed}: {hostile.Sum(one => one.Answered)} answered, {hostile.Sum(one => one.Closed)} closed, {hostile.Sum(one => one.Waiting)} waiting, {resident} MiB, witness {await witness}\n";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Array.ForEach(hostile, static one => one.Dispose());
        Assert.True(await witness > 10, told + broker.Output);
        Assert.InRange(resident, 1, MostResidentMebibytes);
        Assert.DoesNotContain("Unhandled", broker.Output, StringComparison.Ordinal);
        Assert.True(hostile.Sum(one => one.Waiting) < frames / 20, told);
        Assert.Equal(0, (await broker.StopAsync(Cancellation)).ExitCode);
    }

    private static async Task AttackAsync(HostileConnection connection, FrameMutator mutator, int frames)
    {
        for (int count = 0; count < frames; count++)
        {
            await connection.SendAsync(mutator.Next(), Cancellation);
        }
    }

    // Another client, which produces and is answered all the time.
    private static async Task<int> WitnessAsync(string address, CancellationToken end)
    {
        using IProducer<string, string> producer = ConfluentClients.NewProducer(address, isIdempotent: false);
        int answered = 0;
        while (!end.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            await producer.ProduceAsync("witness", new Message<string, string> { Key = $"{answered}", Value = "here" }, CancellationToken.None);
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), $"record {answered} took {Stopwatch.GetElapsedTime(start)}");
            answered++;
        }

        return answered;
    }
}
