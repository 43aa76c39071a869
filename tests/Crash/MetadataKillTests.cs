using System.Globalization;
using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>kill -9 of a node whose topics are created, deleted, grown and configured: no change is there by half.</summary>
public sealed class MetadataKillTests
{
    private const int Changers = 4;
    private const string DeletedSuffix = "-delete", StraySuffix = "-stray", MetadataFolder = "__cluster_metadata-0";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Twenty_kills_leave_no_change_of_the_metadata_half_applied() => AssertNothingIsHalfAppliedAsync(cycles: 20);

    [Fact]
    [Trait("Kind", "Long")]
    public Task Five_hundred_kills_leave_no_change_of_the_metadata_half_applied() => AssertNothingIsHalfAppliedAsync(cycles: 500);

    [Fact]
    public async Task What_a_crash_left_of_a_deleted_topic_is_deleted_at_the_start()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [], Cancellation);
        await CreateAsync(broker, "gone", "kept");
        string folder = Path.Combine(broker.DataFolder, "gone-0");
        using TemporaryFolder aside = new("aside");
        await broker.KillAsync();
        CopyFolder(folder, aside.Combine("gone-0"));
        await broker.StartAgainAsync(Cancellation);
        await using (AdminLink link = await AdminLink.ConnectAsync(broker.Port))
        {
            await link.DeleteTopicAsync("gone");
        }

        // What a crash leaves that comes after the deletion was durable and before the folder was renamed.
        await broker.KillAsync();
        CopyFolder(aside.Combine("gone-0"), folder);
        await broker.StartAgainAsync(Cancellation);

        Assert.False(Directory.Exists(folder));
        Assert.Contains(folder, broker.Output, StringComparison.Ordinal);
        await AssertFoldersAsync(broker, "kept-0");
        await CreateAsync(broker, "gone");
        await AssertFoldersAsync(broker, "gone-0", "kept-0");
    }

    [Fact]
    public async Task A_log_that_the_metadata_never_knew_is_set_aside_and_kept()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [], Cancellation);
        await CreateAsync(broker, "kept");
        await broker.KillAsync();
        string stray = Path.Combine(broker.DataFolder, "foreign-3");
        CopyFolder(Path.Combine(broker.DataFolder, "kept-0"), stray);
        await broker.StartAgainAsync(Cancellation);

        Assert.False(Directory.Exists(stray));
        string aside = Assert.Single(Directory.GetDirectories(broker.DataFolder, $"foreign-3.*{StraySuffix}"));
        Assert.Contains(aside, broker.Output, StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(aside, "00000000000000000000.log")).Length > 0);

        // It stays, and is told of again.
        Assert.Equal(0, (await broker.StopAsync(Cancellation)).ExitCode);
        await broker.StartAgainAsync(Cancellation);
        Assert.True(Directory.Exists(aside));
        Assert.Contains(aside, broker.Output, StringComparison.Ordinal);
    }

    private static async Task AssertNothingIsHalfAppliedAsync(int cycles)
    {
        int seed = Environment.GetEnvironmentVariable("OTTLA_TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        Random random = new(seed);
        string reproduce = $"OTTLA_TEST_SEED={seed}";
        TestContext.Current.TestOutputHelper?.WriteLine(reproduce);

        // Snapshots of the metadata every few changes, so that a kill meets them too.
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, ["metadata.log.max.record.bytes.between.snapshots=4096"], Cancellation);
        TopicChanger[] changers = [.. Enumerable.Range(0, Changers).Select(number => new TopicChanger($"topic-{(char)('a' + number)}", new Random(seed + number)))];
        using PeriodicTimer clock = new(TimeSpan.FromMilliseconds(1));
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            using SemaphoreSlim answers = new(0);
            Task[] changing = [.. changers.Select(changer => Task.Run(() => changer.ChangeAsync(broker.Port, () => answers.Release()), Cancellation))];
            for (int left = random.Next(1, 40); left > 0; left--)
            {
                Assert.True(await answers.WaitAsync(TimeSpan.FromSeconds(60), Cancellation), $"no change was answered for a minute; cycle {cycle} of {reproduce}");
            }

            // Somewhere within the changes that are under way now.
            clock.Period = TimeSpan.FromMilliseconds(random.Next(1, 30));
            await clock.WaitForNextTickAsync(Cancellation);
            await broker.KillAsync();
            await Task.WhenAll(changing);
            await broker.StartAgainAsync(Cancellation);

            await using AdminLink link = await AdminLink.ConnectAsync(broker.Port);
            Dictionary<string, (Guid Id, TopicState State)> described = await link.DescribeAsync();
            Array.ForEach(changers, changer => changer.AssertIsOneOfBoth(described, $"cycle {cycle} of {reproduce}"));
            AssertFoldersAre(broker, described, $"cycle {cycle} of {reproduce}");
        }

        int unanswered = changers.Sum(static one => one.Unanswered);
        TestContext.Current.TestOutputHelper?.WriteLine($"{changers.Sum(static one => one.Acknowledged)} changes acknowledged, {unanswered} topics without an answer, {reproduce}");
        Assert.True(unanswered > cycles, $"only {unanswered} topics were being changed at {cycles} kills, which proves nothing; {reproduce}");
    }

    // Each partition has its folder, with the topic's id in it, and no other folder is a partition's.
    private static void AssertFoldersAre(BrokerProcess broker, IReadOnlyDictionary<string, (Guid Id, TopicState State)> described, string reproduce)
    {
        string[] expected = [.. described.SelectMany(static topic => Enumerable.Range(0, topic.Value.State.PartitionCount).Select(partition => $"{topic.Key}-{partition}")).Order(StringComparer.Ordinal)];
        string[] found = [.. FoldersOf(broker).Where(static name => !name.EndsWith(DeletedSuffix, StringComparison.Ordinal))];
        Assert.True(expected.SequenceEqual(found), $"nobody owns {string.Join(' ', found.Except(expected))}, nowhere are {string.Join(' ', expected.Except(found))}; {reproduce}");
        foreach ((string name, (Guid id, TopicState state)) in described)
        {
            for (int partition = 0; partition < state.PartitionCount; partition++)
            {
                string file = Path.Combine(broker.DataFolder, $"{name}-{partition}", "partition.metadata");
                string text = File.Exists(file) ? File.ReadAllText(file) : "nothing";
                Assert.True(text == $"version: 0\ntopic_id: {ToText(id)}\n", $"{file} holds {text} and not {ToText(id)}; {reproduce}");
            }
        }
    }

    private static string ToText(Guid id) => Convert.ToBase64String(id.ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static async Task AssertFoldersAsync(BrokerProcess broker, params string[] expected)
    {
        // Files are deleted in the background, within seconds of the start.
        using PeriodicTimer clock = new(TimeSpan.FromMilliseconds(50));
        for (int count = 0; count < 200 && !expected.SequenceEqual(FoldersOf(broker)); count++)
        {
            await clock.WaitForNextTickAsync(Cancellation);
        }

        Assert.Equal(expected, FoldersOf(broker));
    }

    private static string[] FoldersOf(BrokerProcess broker) =>
        [.. Directory.GetDirectories(broker.DataFolder).Select(static path => Path.GetFileName(path)).Where(static name => name != MetadataFolder).Order(StringComparer.Ordinal)];

    // With one record in each.
    private static async Task CreateAsync(BrokerProcess broker, params string[] topics)
    {
        await using AdminLink link = await AdminLink.ConnectAsync(broker.Port);
        await link.CreateTopicsAsync(topics.Select(static topic => (topic, TopicState.Of(1))));
        foreach (string topic in topics)
        {
            await link.ProduceAsync(topic, 0);
        }
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
