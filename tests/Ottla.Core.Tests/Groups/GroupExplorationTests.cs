namespace Ottla.Core.Tests.Groups;

public sealed class GroupExplorationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, false, (short)3, 9)]
    [InlineData(3, false, (short)3, 7)]
    [InlineData(2, false, (short)9, 9)]
    [InlineData(2, true, (short)9, 9)]
    [InlineData(2, true, (short)5, 8)]
    public void No_interleaving_breaks_ownership_fencing_or_the_end_of_rebalances(int clients, bool areStatic, short joinVersion, int depth)
    {
        var explorer = new GroupExplorer(clients, areStatic, joinVersion);
        explorer.Explore(depth);
        output.WriteLine($"{explorer.StateCount} states");
        Assert.True(explorer.StateCount > 500, $"Only {explorer.StateCount} states were reached.");
    }
}
