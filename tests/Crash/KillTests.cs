using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>kill -9 under load: what was acknowledged is there, in order, and nothing of an idempotent producer is there twice.</summary>
public sealed class KillTests
{
    private const int Partitions = 6;
    private const string IdempotentTopic = "idempotent", PlainTopic = "plain", RetainedTopic = "retained", Group = "readers";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Twenty_kills_under_load_lose_nothing_that_was_acknowledged() => AssertNothingIsLostAsync(cycles: 20);

    [Fact]
    [Trait("Kind", "Long")]
    public Task A_hundred_kills_under_load_lose_nothing_that_was_acknowledged() => AssertNothingIsLostAsync(cycles: 100);

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

    private static async Task AssertNothingIsLostAsync(int cycles)
    {
        int seed = Environment.GetEnvironmentVariable("OTTLA_TEST_SEED") is { } given ? int.Parse(given) : Environment.TickCount;
        Random random = new(seed);
        string reproduce = $"OTTLA_TEST_SEED={seed}";
        TestContext.Current.TestOutputHelper?.WriteLine(reproduce);

        // The smallest segments and frequent checkpoints, so that kills meet rolls, index writes, retention and recovery points of every age.
        await using BrokerProcess broker = await BrokerProcess.StartAsync(
            BrokerKind.Ottla,
            [
                "log.segment.bytes=1048576", "log.index.interval.bytes=256", "log.flush.offset.checkpoint.interval.ms=700", "log.retention.check.interval.ms=300",
                "log.segment.delete.delay.ms=100", "offsets.topic.segment.bytes=1048576", "group.initial.rebalance.delay.ms=0", "offsets.topic.compression.codec=4",
            ],
            Cancellation);
        await using (AdminLink link = await AdminLink.ConnectAsync(broker.Port))
        {
            await link.CreateTopicsAsync(
            [
                (IdempotentTopic, TopicState.Of(Partitions)),
                (PlainTopic, TopicState.Of(Partitions)),
                (RetainedTopic, TopicState.Of(Partitions).WithConfigs([("retention.bytes", "1000000")])),
            ]);
        }

        using Workload idempotent = new(IdempotentTopic, Partitions, isIdempotent: true);
        using Workload plain = new(PlainTopic, Partitions, isIdempotent: false);
        using Workload retained = new(RetainedTopic, Partitions, isIdempotent: true, isRetained: true);
        Workload[] workloads = [idempotent, plain, retained];
        GroupPosition group = new(IdempotentTopic, Group);
        OffsetCommitter committer = new(IdempotentTopic, Partitions, new Random(seed));
        Array.ForEach(workloads, workload => workload.Start(broker.Address));
        using PeriodicTimer clock = new(TimeSpan.FromMilliseconds(1));
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            Task committing = Task.Run(() => committer.CommitAsync(broker.Port), Cancellation);
            clock.Period = TimeSpan.FromMilliseconds(random.Next(100, 1_500));
            await clock.WaitForNextTickAsync(Cancellation);
            if (cycle % 5 == 0)
            {
                group.ReadOn(broker.Address, count: 100, reproduce);
            }

            await broker.KillAsync();
            await committing;
            await KillInRecoveryAsync(broker, clock, random);
            await broker.StartAgainAsync(Cancellation);
            await committer.AssertNoneWentBackAsync(broker.Port, $"cycle {cycle} of {reproduce}");
        }

        group.ReadOn(broker.Address, count: 100, reproduce);
        await Task.WhenAll(workloads.Select(static workload => workload.StopAsync()));
        string told = $"{string.Join(", ", workloads.Select(static workload => workload.AcknowledgedCount))} records and {committer.Acknowledged} commits acknowledged; {reproduce}";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.True(workloads.All(static workload => workload.AcknowledgedCount > 1_000) && committer.Acknowledged > 1_000, $"too little to prove anything: {told}");
        idempotent.AssertHolds(ConfluentClients.ReadAll(broker.Address, IdempotentTopic, Partitions), reproduce);
        plain.AssertHolds(ConfluentClients.ReadAll(broker.Address, PlainTopic, Partitions), reproduce);
        retained.AssertHolds(ConfluentClients.ReadAll(broker.Address, RetainedTopic, Partitions), reproduce);
    }

    // A start may be killed like anything else.
    private static async Task KillInRecoveryAsync(BrokerProcess broker, PeriodicTimer clock, Random random)
    {
        while (random.Next(3) == 0)
        {
            broker.StartWithoutWaiting();
            clock.Period = TimeSpan.FromMilliseconds(random.Next(5, 120));
            await clock.WaitForNextTickAsync(Cancellation);
            await broker.KillAsync();
        }
    }
}
