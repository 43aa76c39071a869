using Ottla.Client.Groups.Assignment;
using Ottla.Protocol;

namespace Ottla.Client.Tests.Groups;

public sealed class ConsumerProtocolTests
{
    [Fact]
    public void A_subscription_comes_back_as_it_was_written()
    {
        TopicPartition owned = new("t", new PartitionId(3));
        byte[] bytes = ConsumerProtocol.WriteSubscription(["t", "u"], [owned], generation: 9);
        AssignmentMember member = ConsumerProtocol.ReadMember("m", null, bytes);
        Assert.Equal(["t", "u"], member.Topics);
        Assert.Equal([owned], member.Owned);
        Assert.Equal(9, member.Generation);
    }

    [Fact]
    public void An_assignment_comes_back_as_it_was_written()
    {
        List<TopicPartition> partitions = [new("t", new PartitionId(0)), new("t", new PartitionId(2)), new("u", new PartitionId(1))];
        Assert.True(ConsumerProtocol.TryReadAssignment(ConsumerProtocol.WriteAssignment(partitions), out List<TopicPartition> read));
        Assert.Equal(partitions, read);
    }

    [Fact]
    public void An_empty_assignment_is_no_partitions()
    {
        Assert.True(ConsumerProtocol.TryReadAssignment(ReadOnlyMemory<byte>.Empty, out List<TopicPartition> read));
        Assert.Empty(read);
    }

    [Theory]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 0, 3, 127, 255, 255, 255 })]
    [InlineData(new byte[] { 255, 255, 0, 0, 0, 0 })]
    public void Bytes_of_another_program_make_a_member_that_wants_nothing(byte[] bytes)
    {
        Assert.Empty(ConsumerProtocol.ReadMember("m", null, bytes).Topics);
        Assert.False(ConsumerProtocol.TryReadAssignment(bytes, out _));
    }

    [Fact]
    public void A_newer_version_with_more_fields_is_read_as_far_as_it_is_known()
    {
        byte[] bytes = [.. ConsumerProtocol.WriteSubscription(["t"], [], -1), 1, 2, 3];
        bytes[1] = 9;
        Assert.Equal(["t"], ConsumerProtocol.ReadMember("m", null, bytes).Topics);
    }
}
