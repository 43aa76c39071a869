using Ottla.Cli.Serving;

namespace Ottla.Cli.Tests.Serving;

public sealed class IdleMemoryTests
{
    [Fact]
    public void Memory_is_collected_once_after_a_burst_when_the_broker_is_quiet()
    {
        const long Mebibyte = 1024 * 1024;
        IdleMemory idle = new();

        Assert.False(idle.IsCollectionDue(12 * Mebibyte), "the start is a burst");
        Assert.True(idle.IsCollectionDue((12 * Mebibyte) + 1000), "now it is quiet");
        Assert.False(idle.IsCollectionDue((12 * Mebibyte) + 2000), "it has been collected");
        Assert.False(idle.IsCollectionDue(20 * Mebibyte), "a second burst");
        Assert.False(idle.IsCollectionDue(30 * Mebibyte), "which goes on");
        Assert.True(idle.IsCollectionDue((30 * Mebibyte) + 100_000), "and ends");
        Assert.False(idle.IsCollectionDue((31 * Mebibyte) + 100_000), "a little work");
        Assert.False(idle.IsCollectionDue((31 * Mebibyte) + 110_000), "is not worth a collection");
    }
}
