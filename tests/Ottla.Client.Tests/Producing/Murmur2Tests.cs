using System.Text;
using Ottla.Client.Producing;

namespace Ottla.Client.Tests.Producing;

public sealed class Murmur2Tests
{
    // What Kafka's Java producer computes for these keys.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void A_key_has_the_hash_that_Java_gives_it(string key, int expected)
    {
        Assert.Equal(expected, Murmur2.Hash(Encoding.UTF8.GetBytes(key)));
    }

    [Fact]
    public void A_negative_hash_still_names_a_partition()
    {
        int hash = Murmur2.Hash("21"u8);
        Assert.True(hash < 0);
        Assert.Equal((hash & int.MaxValue) % 7, Murmur2.PartitionOf("21"u8, 7));
    }
}
