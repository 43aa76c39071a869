using CsCheck;

namespace Ottla.Protocol.Tests.Serialization;

/// <summary>What is written is what the size pass counted and what the reader reads.</summary>
public sealed class ProtocolWriterTests
{
    [Fact]
    public void Numbers_come_back_as_they_were()
    {
        Gen.Select(Gen.Long, Gen.Int, Gen.UInt, Gen.Short, Gen.UShort, Gen.SByte, Gen.Double, Gen.Guid).Sample(numbers =>
        {
            (long wide, int plain, uint unsigned, short small, ushort port, sbyte tiny, double real, Guid id) = numbers;
            byte[] buffer = new byte[64];
            ProtocolWriter writer = new(buffer);
            writer.WriteInt64(wide);
            writer.WriteInt32(plain);
            writer.WriteUInt32(unsigned);
            writer.WriteInt16(small);
            writer.WriteUInt16(port);
            writer.WriteInt8(tiny);
            writer.WriteFloat64(real);
            writer.WriteUuid(id);
            writer.WriteUnsignedVarint(unsigned);
            Assert.Equal(45 + ProtocolWriter.SizeOfUnsignedVarint(unsigned), writer.Position);

            ProtocolReader reader = new(buffer);
            Assert.Equal(wide, reader.ReadInt64());
            Assert.Equal(plain, reader.ReadInt32());
            Assert.Equal(unsigned, reader.ReadUInt32());
            Assert.Equal(small, reader.ReadInt16());
            Assert.Equal(port, reader.ReadUInt16());
            Assert.Equal(tiny, reader.ReadInt8());
            Assert.Equal(real, reader.ReadFloat64());
            Assert.Equal(id, reader.ReadUuid());
            Assert.Equal(unsigned, reader.ReadUnsignedVarint());
        });
    }

    [Fact]
    public void Strings_take_the_bytes_that_were_counted_and_come_back()
    {
        Gen.Select(Gen.String, Gen.Bool).Sample((text, flexible) =>
        {
            // Half of a surrogate pair has no UTF-8 form and is written as U+FFFD.
            string expected = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
            byte[] buffer = new byte[ProtocolWriter.SizeOfString(text, flexible)];
            ProtocolWriter writer = new(buffer);
            writer.WriteString(text, flexible);
            Assert.Equal(buffer.Length, writer.Position);

            ProtocolReader reader = new(buffer);
            Assert.Equal(expected, reader.ReadString(flexible));
        });
    }

    [Fact]
    public void A_string_of_more_than_32767_bytes_needs_a_flexible_version()
    {
        string text = new('ä', 20_000);
        byte[] buffer = new byte[ProtocolWriter.SizeOfString(text, flexible: true)];
        ProtocolWriter writer = new(buffer);
        writer.WriteString(text, flexible: true);
        Assert.Equal(buffer.Length, writer.Position);

        Assert.Throws<InvalidOperationException>(() =>
        {
            ProtocolWriter old = new(new byte[50_000]);
            old.WriteString(text, flexible: false);
        });
    }
}
