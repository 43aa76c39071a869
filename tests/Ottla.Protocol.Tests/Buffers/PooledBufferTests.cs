namespace Ottla.Protocol.Tests.Buffers;

/// <summary>Rented memory has one owner, who gives it back once.</summary>
public sealed class PooledBufferTests
{
    [Fact]
    public void A_buffer_has_exactly_the_length_that_was_asked_for()
    {
        using PooledBuffer buffer = PooledBuffer.Rent(1000);

        Assert.Equal((1000, 1000, 1000), (buffer.Length, buffer.Span.Length, buffer.Memory.Length));
    }

    [Fact]
    public void A_buffer_that_was_given_back_cannot_be_used_or_given_back_again()
    {
        PooledBuffer buffer = PooledBuffer.Rent(10);
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.Memory);
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
        Assert.Throws<ObjectDisposedException>(buffer.Dispose);
    }
}
