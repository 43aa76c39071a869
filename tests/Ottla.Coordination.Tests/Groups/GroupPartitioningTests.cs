using Ottla.Coordination.Groups;

namespace Ottla.Coordination.Tests.Groups;

public sealed class GroupPartitioningTests
{
    // Java hashes "console-consumer" to -648006740 and "orders" to -1008770331, of which Kafka takes the absolute value (masking the
    // sign off would give 8 and 17), and "polygenelubricants" to the one number that has none.
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 97 % 50)]
    [InlineData("console-consumer", 40)]
    [InlineData("orders", 31)]
    [InlineData("test-group", 12)]
    [InlineData("polygenelubricants", 0)]
    public void A_group_lies_where_Kafka_puts_it(string groupId, int expected) =>
        Assert.Equal(expected, GroupPartitioning.PartitionFor(groupId, 50));
}
