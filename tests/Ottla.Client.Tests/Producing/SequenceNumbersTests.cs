using Ottla.Client.Producing;

namespace Ottla.Client.Tests.Producing;

public sealed class SequenceNumbersTests
{
    [Theory]
    [InlineData(0, 5, 5)]
    [InlineData(int.MaxValue - 5, 5, int.MaxValue)]
    [InlineData(int.MaxValue, 1, 0)]
    [InlineData(int.MaxValue - 1, 3, 1)]
    public void A_sequence_starts_over_at_zero_after_the_largest(int sequence, int count, int expected)
    {
        Assert.Equal(expected, SequenceNumbers.Advance(sequence, count));
    }
}
