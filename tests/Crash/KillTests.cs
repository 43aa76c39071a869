using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>kill -9 under load: what was acknowledged is there, in order, and nothing of an idempotent producer is there twice.</summary>
public sealed class KillTests
{
    private const int Cycles = 20;
    private const int Partitions = 3;
    private const string IdempotentTopic = "idempotent", PlainTopic = "plain", Group = "readers";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_kills_under_load_lose_nothing_that_was_acknowledged()
    {
        int seed = Environment.GetEnvironmentVariable("OTTLA_TEST_SEED") is { } given ? int.Parse(given) : Environment.TickCount;
        Random random = new(seed);
        string reproduce = $"OTTLA_TEST_SEED={seed}";
        TestContext.Current.TestOutputHelper?.WriteLine(reproduce);

        // Small segments, so that a kill meets rolls; no checkpoint for long, so that the recovery has all to do.
        await using BrokerProcess broker = await BrokerProcess.StartAsync(
            BrokerKind.Ottla, ["log.segment.bytes=1048576", "group.initial.rebalance.delay.ms=0", "offsets.topic.compression.codec=4"], Cancellation);
        await ConfluentClients.CreateTopicAsync(broker.Address, IdempotentTopic, Partitions);
        await ConfluentClients.CreateTopicAsync(broker.Address, PlainTopic, Partitions);
        using Workload idempotent = new(IdempotentTopic, Partitions, isIdempotent: true);
        using Workload plain = new(PlainTopic, Partitions, isIdempotent: false);
        GroupPosition group = new(IdempotentTopic, Group);
        idempotent.Start(broker.Address);
        plain.Start(broker.Address);

        using PeriodicTimer clock = new(TimeSpan.FromMilliseconds(1));
        for (int cycle = 0; cycle < Cycles; cycle++)
        {
            clock.Period = TimeSpan.FromMilliseconds(random.Next(200, 2_000));
            await clock.WaitForNextTickAsync(Cancellation);
            if (cycle % 5 == 0)
            {
                group.ReadOn(broker.Address, count: 100, reproduce);
            }

            await broker.KillAsync();
            await broker.StartAgainAsync(Cancellation);
        }

        group.ReadOn(broker.Address, count: 100, reproduce);
        await idempotent.StopAsync();
        await plain.StopAsync();

        Assert.True(idempotent.AcknowledgedCount > 1_000 && plain.AcknowledgedCount > 1_000, $"too little was acknowledged to prove anything: {idempotent.AcknowledgedCount} and {plain.AcknowledgedCount}");
        idempotent.AssertHolds(ConfluentClients.ReadAll(broker.Address, IdempotentTopic, Partitions), reproduce);
        plain.AssertHolds(ConfluentClients.ReadAll(broker.Address, PlainTopic, Partitions), reproduce);
    }

    [Fact]
    public async Task A_topic_created_just_before_the_kill_is_there_and_a_deleted_one_is_not()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [], Cancellation);
        for (int cycle = 0; cycle < 5; cycle++)
        {
            string kept = $"kept-{cycle}", gone = $"gone-{cycle}";
            await ConfluentClients.CreateTopicAsync(broker.Address, gone, 2);
            await ConfluentClients.DeleteTopicAsync(broker.Address, gone);
            await ConfluentClients.CreateTopicAsync(broker.Address, kept, 2);
            await broker.KillAsync();
            await broker.StartAgainAsync(Cancellation);

            Assert.Empty(ConfluentClients.ReadAll(broker.Address, kept, 2));
            Assert.DoesNotContain(gone, ConfluentClients.ListTopics(broker.Address));
        }
    }

    [Fact]
    public async Task Deleted_index_files_are_rebuilt_after_a_kill()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, ["log.segment.bytes=1048576"], Cancellation);
        await ConfluentClients.CreateTopicAsync(broker.Address, PlainTopic, 1);
        using Workload workload = new(PlainTopic, 1, isIdempotent: false);
        workload.Start(broker.Address);
        using PeriodicTimer clock = new(TimeSpan.FromSeconds(1));
        await clock.WaitForNextTickAsync(Cancellation);
        await workload.StopAsync();

        await broker.KillAsync();
        string[] indexes = Directory.GetFiles(Path.Combine(broker.DataFolder, $"{PlainTopic}-0"), "*.*index");
        Assert.NotEmpty(indexes);
        Array.ForEach(indexes, File.Delete);
        await broker.StartAgainAsync(Cancellation);

        workload.AssertHolds(ConfluentClients.ReadAll(broker.Address, PlainTopic, 1), "index files deleted");
    }

    [Fact]
    public async Task A_torn_write_at_the_end_of_a_log_is_cut_and_the_rest_is_served()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [], Cancellation);
        await ConfluentClients.CreateTopicAsync(broker.Address, PlainTopic, 1);
        using (Workload workload = new(PlainTopic, 1, isIdempotent: false))
        {
            workload.Start(broker.Address);
            using PeriodicTimer clock = new(TimeSpan.FromMilliseconds(500));
            await clock.WaitForNextTickAsync(Cancellation);
            await workload.StopAsync();
            await broker.KillAsync();
            string log = Directory.GetFiles(Path.Combine(broker.DataFolder, $"{PlainTopic}-0"), "*.log").Order(StringComparer.Ordinal).Last();
            await File.AppendAllBytesAsync(log, new byte[100], Cancellation);
            await broker.StartAgainAsync(Cancellation);

            workload.AssertHolds(ConfluentClients.ReadAll(broker.Address, PlainTopic, 1), "torn write");
        }
    }
}
