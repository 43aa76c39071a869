namespace Ottla.Protocol.Tests.Serialization;

/// <summary>The primitive types, above all where their lengths lie.</summary>
public sealed class ProtocolReaderTests
{
    [Theory]
    [InlineData("00", 0u)]
    [InlineData("7F", 127u)]
    [InlineData("8001", 128u)]
    [InlineData("FFFFFFFF0F", uint.MaxValue)]
    [InlineData("8080808000", 0u)]
    public void A_varint_has_seven_bits_in_each_byte_low_ones_first(string hex, uint expected)
    {
        ProtocolReader reader = Over(hex);

        Assert.Equal(expected, reader.ReadUnsignedVarint());
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("80", "an unfinished varint")]
    [InlineData("FFFFFFFF10", "more than 32 bits")]
    [InlineData("FFFFFFFF8000", "six bytes")]
    public void A_varint_that_is_none_is_malformed(string hex, string what) =>
        AssertMalformed(hex, what, static (ref ProtocolReader reader) => reader.ReadUnsignedVarint());

    [Theory]
    [InlineData("0002", "two bytes that are not there")]
    [InlineData("8000", "the most negative length")]
    [InlineData("FFFE", "a length of minus two")]
    [InlineData("FFFF", "null")]
    public void A_string_that_is_none_is_malformed(string hex, string what) =>
        AssertMalformed(hex, what, static (ref ProtocolReader reader) => reader.ReadString(flexible: false));

    [Theory]
    [InlineData("0361", "two bytes of which one is there")]
    [InlineData("00", "null")]
    [InlineData("FFFFFFFF0F", "a length beyond any array")]
    [InlineData("8080808008", "a length of two gigabytes")]
    public void A_compact_string_that_is_none_is_malformed(string hex, string what) =>
        AssertMalformed(hex, what, static (ref ProtocolReader reader) => reader.ReadString(flexible: true));

    [Theory]
    [InlineData("7FFFFFFF", "two gigabytes")]
    [InlineData("80000000", "the most negative length")]
    [InlineData("FFFFFFFE", "a length of minus two")]
    public void Bytes_that_are_not_there_are_malformed(string hex, string what) =>
        AssertMalformed(hex, what, static (ref ProtocolReader reader) => reader.ReadNullableBytes(flexible: false));

    [Theory]
    [InlineData("00000003" + "0000000000000000", 4, "three elements of four bytes in eight")]
    [InlineData("7FFFFFFF", 1, "the largest count")]
    [InlineData("80000000", 1, "the most negative count")]
    public void An_array_that_cannot_fit_is_malformed(string hex, int elementBytes, string what) =>
        AssertMalformed(hex, what, (ref ProtocolReader reader) => reader.ReadArrayCount(flexible: false, elementBytes));

    [Fact]
    public void An_array_of_more_than_a_million_elements_is_malformed_even_when_it_would_fit()
    {
        byte[] most = new byte[4 + 1_000_001];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(most, 1_000_000);
        ProtocolReader fits = new(most);
        Assert.Equal(1_000_000, fits.ReadArrayCount(flexible: false, minimumElementBytes: 1));

        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(most, 1_000_001);
        Assert.Throws<MalformedMessageException>(() =>
        {
            ProtocolReader reader = new(most);
            reader.ReadArrayCount(flexible: false, minimumElementBytes: 1);
        });
    }

    [Theory]
    [InlineData("00044DFC6C6C", "M\uFFFDll")]
    [InlineData("0002C0AF", "\uFFFD\uFFFD")]
    [InlineData("0003EDA080", "\uFFFD\uFFFD\uFFFD")]
    public void Bytes_that_are_not_UTF8_become_replacement_characters(string hex, string expected)
    {
        ProtocolReader reader = Over(hex);

        Assert.Equal(expected, reader.ReadString(flexible: false));
    }

    [Fact]
    public void Byte_fields_are_slices_of_the_buffer()
    {
        byte[] buffer = Convert.FromHexString("00000002AABB");
        ProtocolReader reader = new(buffer);
        ReadOnlyMemory<byte> field = reader.ReadBytes(flexible: false);

        buffer[^1] = 0xCC;

        Assert.Equal("AACC", Convert.ToHexString(field.Span));
    }

    [Fact]
    public void Null_is_minus_one_in_the_old_lengths_and_zero_in_the_compact_ones()
    {
        ProtocolReader reader = Over("FFFF" + "00" + "FFFFFFFF" + "00" + "FFFFFFFF" + "00" + "FF");

        Assert.Null(reader.ReadNullableString(flexible: false));
        Assert.Null(reader.ReadNullableString(flexible: true));
        Assert.Null(reader.ReadNullableBytes(flexible: false));
        Assert.Null(reader.ReadNullableBytes(flexible: true));
        Assert.Equal(-1, reader.ReadArrayCount(flexible: false, 1));
        Assert.Equal(-1, reader.ReadArrayCount(flexible: true, 1));
        Assert.False(reader.ReadIsPresent());
        Assert.Equal(0, reader.Remaining);
    }

    private delegate object? ReadSomething(ref ProtocolReader reader);

    private static void AssertMalformed(string hex, string what, ReadSomething read)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Exception? thrown = Record.Exception(() =>
        {
            ProtocolReader reader = new(bytes);
            return read(ref reader);
        });

        Assert.True(thrown is MalformedMessageException, $"{what} gave {thrown?.ToString() ?? "a value"}");
    }

    private static ProtocolReader Over(string hex) => new(Convert.FromHexString(hex));
}
