using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Protocol;

namespace Ottla.Coordination.Tests.Metadata;

public sealed class MetadataSnapshotTests
{
    [Theory]
    [InlineData("00000000000000000042-0000000007.checkpoint", 42, 7)]
    [InlineData("09223372036854775807-2147483647.checkpoint", long.MaxValue, int.MaxValue)]
    public void The_file_name_says_what_a_snapshot_stands_for(string name, long endOffset, int epoch)
    {
        Assert.True(SnapshotId.TryParse(name, out SnapshotId id));
        Assert.Equal(new SnapshotId(endOffset, epoch), id);
        Assert.Equal(name, id.FileName);
    }

    [Theory]
    [InlineData("bootstrap.checkpoint")]
    [InlineData("00000000000000000042-0000000007.checkpoint.tmp")]
    [InlineData("0000000000000000004x-0000000007.checkpoint")]
    [InlineData("-0000000000000000042-0000000007.checkpoint")]
    [InlineData("00000000000000000042_0000000007.checkpoint")]
    public void Other_files_are_no_snapshots(string name) => Assert.False(SnapshotId.TryParse(name, out _));

    [Fact]
    public async Task A_snapshot_and_what_came_after_it_give_the_same_image()
    {
        await using MetadataScenario scenario = await new MetadataScenario { MaxBytesBetweenSnapshots = 2000 }.OpenAsync();
        await FillAsync(scenario, 40);
        string before = ImageText.Of(scenario.Host.Current);
        Assert.InRange(Snapshots(scenario).Count, 1, 2);
        await scenario.StopAsync();

        await scenario.OpenAsync();

        Assert.Equal(before, ImageText.Of(scenario.Host.Current));
        Assert.True(scenario.Log.Snapshot is { Id.EndOffset: > 10 });
    }

    [Fact]
    public async Task A_damaged_snapshot_is_passed_over_for_the_one_before_it()
    {
        await using MetadataScenario scenario = await new MetadataScenario { MaxBytesBetweenSnapshots = 2000 }.OpenAsync();
        await FillAsync(scenario, 60);
        string before = ImageText.Of(scenario.Host.Current);
        await scenario.StopAsync();
        List<string> snapshots = Snapshots(scenario);
        Assert.Equal(2, snapshots.Count);
        byte[] content = scenario.Disk.Content(snapshots[1]);
        content[content.Length / 2] ^= 1;
        scenario.Disk.SetContent(snapshots[1], content);

        await scenario.OpenAsync();

        Assert.Equal(before, ImageText.Of(scenario.Host.Current));
        Assert.EndsWith(scenario.Log.Snapshot!.Id.FileName, snapshots[0], StringComparison.Ordinal); // The older one is whole.
    }

    [Fact]
    public async Task A_snapshot_that_is_cut_is_no_snapshot()
    {
        await using MetadataScenario scenario = await new MetadataScenario { MaxBytesBetweenSnapshots = 2000 }.OpenAsync();
        await FillAsync(scenario, 60);
        await scenario.StopAsync();
        string newest = Snapshots(scenario)[1];
        byte[] content = scenario.Disk.Content(newest);
        SnapshotFiles files = new(scenario.Files, scenario.LogPath);
        Assert.True(SnapshotId.TryParse(Path.GetFileName(newest), out SnapshotId id));
        Assert.NotEmpty(files.Read(id, new QuorumControlState()).Batches);

        for (int length = 0; length < content.Length; length += 7)
        {
            scenario.Disk.SetContent(newest, content[..length]);
            Assert.Throws<InvalidMetadataException>(() => files.Read(id, new QuorumControlState()));
        }
    }

    [Fact]
    public async Task Time_alone_makes_a_snapshot_due_once_something_changed()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();
        await scenario.CreateTopicAsync("orders");
        Assert.False(scenario.Log.IsSnapshotDue);

        scenario.Clock.Advance(TimeSpan.FromMinutes(61));

        Assert.Single(Snapshots(scenario));
        scenario.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Single(Snapshots(scenario));
    }

    private static List<string> Snapshots(MetadataScenario scenario) =>
        [.. scenario.Disk.Paths.Where(path => path.StartsWith(scenario.LogPath, StringComparison.Ordinal) && path.EndsWith(".checkpoint", StringComparison.Ordinal))];

    private static async Task FillAsync(MetadataScenario scenario, int count)
    {
        for (int number = 0; number < count; number++)
        {
            Assert.Equal(ErrorCode.None, await scenario.CreateTopicAsync($"t{number}", 1 + (number % 3), ("retention.ms", "1000")));
            if (number % 4 == 3)
            {
                Assert.Equal(ErrorCode.None, await scenario.DeleteTopicAsync($"t{number - 2}"));
            }
        }
    }
}
