using CsCheck;

namespace Ottla.Records.Tests;

public sealed class Crc32CTests
{
    [Fact]
    public void Known_values_of_the_Castagnoli_checksum_hold()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void Checksum_of_any_length_is_that_of_the_bit_by_bit_definition()
    {
        Gen.Byte.Array[0, 70_000].Sample(bytes => Assert.Equal(BitByBit(bytes), Crc32C.Compute(bytes)), iter: 200);
    }

    [Fact]
    public void Checksum_of_parts_is_that_of_the_whole()
    {
        Gen.Select(Gen.Byte.Array[0, 20_000], Gen.Double[0, 1]).Sample((bytes, share) =>
        {
            int cut = (int)(bytes.Length * share);
            uint first = Crc32C.Compute(bytes.AsSpan(0, cut));
            Assert.Equal(Crc32C.Compute(bytes), Crc32C.Append(first, bytes.AsSpan(cut)));
        });
    }

    private static uint BitByBit(byte[] bytes)
    {
        uint state = uint.MaxValue;
        foreach (byte next in bytes)
        {
            state ^= next;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) == 0 ? 0 : 0x82F63B78u);
            }
        }

        return ~state;
    }
}
