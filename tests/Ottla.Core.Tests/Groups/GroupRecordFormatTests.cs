using System.Buffers.Binary;
using System.Text;
using Ottla.Core.Groups;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Tests.Groups;

public sealed class GroupRecordFormatTests
{
    private static readonly OffsetCommitKey Key = new() { Group = "orders", Topic = "t", Partition = 3 };

    /// <summary>Version 3: what Burrow 1.2.1 reads.</summary>
    [Fact]
    public void An_offset_has_the_bytes_that_Kafka_and_its_lag_monitors_read()
    {
        var record = new OffsetCommitRecord(
            Key, new OffsetCommitValue { Offset = 258, LeaderEpoch = 7, Metadata = "m", CommitTimestamp = 0x18BCFE56800 });
        Assert.Equal("0001" + "0006" + "6F7264657273" + "0001" + "74" + "00000003", Hex(GroupRecordFormat.WriteKey(record)));
        Assert.Equal("0003" + "0000000000000102" + "00000007" + "0001" + "6D" + "0000018BCFE56800", Hex(GroupRecordFormat.WriteValue(record)));
    }

    [Fact]
    public void An_offset_with_its_own_expiry_is_written_in_the_version_that_has_one()
    {
        var record = new OffsetCommitRecord(Key, new OffsetCommitValue { Offset = 1, Metadata = "", CommitTimestamp = 2, ExpireTimestamp = 3 });
        Assert.Equal("0001" + "0000000000000001" + "0000" + "0000000000000002" + "0000000000000003", Hex(GroupRecordFormat.WriteValue(record)));
    }

    /// <summary>Burrow 1.2.1 takes keys of versions 0 and 1 and values of 0, 1 and 3, each field after the other, and drops any other.</summary>
    [Theory]
    [InlineData(-1, 3)]
    [InlineData(1_700_000_060_000, 1)]
    public void Lag_monitors_read_what_is_written_of_an_offset(long expireTimestamp, short version)
    {
        var record = new OffsetCommitRecord(
            Key, new OffsetCommitValue { Offset = 1L << 40, LeaderEpoch = 7, Metadata = "hällo", CommitTimestamp = 1_700_000_000_000, ExpireTimestamp = expireTimestamp });
        ReadOnlySpan<byte> key = GroupRecordFormat.WriteKey(record).Span;
        ReadOnlySpan<byte> value = GroupRecordFormat.WriteValue(record)!.Value.Span; // it has one

        Assert.InRange(ReadShort(ref key), 0, 1);
        Assert.Equal(("orders", "t", 3), (ReadText(ref key), ReadText(ref key), ReadInt(ref key)));
        Assert.Equal(version, ReadShort(ref value));
        Assert.Equal(1L << 40, ReadLong(ref value));
        if (version == 3)
        {
            Assert.Equal(7, ReadInt(ref value));
        }

        Assert.Equal(("hällo", 1_700_000_000_000), (ReadText(ref value), ReadLong(ref value)));
        Assert.Equal(version == 1 ? sizeof(long) : 0, value.Length);
    }

    [Theory]
    [InlineData("0000" + "0000000000000005" + "0001" + "6D" + "0000000000000009")]
    [InlineData("0001" + "0000000000000005" + "0001" + "6D" + "0000000000000009" + "FFFFFFFFFFFFFFFF")]
    [InlineData("0002" + "0000000000000005" + "0001" + "6D" + "0000000000000009")]
    [InlineData("0003" + "0000000000000005" + "FFFFFFFF" + "0001" + "6D" + "0000000000000009")]
    [InlineData("0004" + "0000000000000005" + "FFFFFFFF" + "02" + "6D" + "0000000000000009" + "010010" + "000102030405060708090A0B0C0D0E0F")]
    public void Offsets_of_every_version_are_read(string value)
    {
        GroupRecord? read = GroupRecordFormat.Read(GroupRecordFormat.WriteKey(new OffsetCommitRecord(Key, null)), Convert.FromHexString(value));
        OffsetCommitValue? offset = Assert.IsType<OffsetCommitRecord>(read).Value;
        Assert.NotNull(offset);
        Assert.Equal((5, "m", 9, -1), (offset.Offset, offset.Metadata, offset.CommitTimestamp, offset.LeaderEpoch));
    }

    [Fact]
    public void A_tombstone_has_no_value()
    {
        var record = new OffsetCommitRecord(Key, null);
        Assert.Null(GroupRecordFormat.WriteValue(record));
        Assert.Null(Assert.IsType<OffsetCommitRecord>(GroupRecordFormat.Read(GroupRecordFormat.WriteKey(record), null)).Value);
    }

    [Fact]
    public void Records_of_other_group_types_are_passed_over() =>
        Assert.Null(GroupRecordFormat.Read(Convert.FromHexString("0003" + "0006" + "6F7264657273"), new byte[] { 0, 0, 0 }));

    [Theory]
    [InlineData("00")]
    [InlineData("0005")]
    [InlineData("00030000")]
    [InlineData("7FFF")]
    public void A_value_that_is_cut_or_of_an_unknown_version_is_an_error(string value) =>
        Assert.Throws<MalformedMessageException>(() => GroupRecordFormat.Read(
            GroupRecordFormat.WriteKey(new OffsetCommitRecord(Key, null)), Convert.FromHexString(value)));

    private static short ReadShort(ref ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16BigEndian(Take(ref bytes, sizeof(short)));

    private static int ReadInt(ref ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(Take(ref bytes, sizeof(int)));

    private static long ReadLong(ref ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(Take(ref bytes, sizeof(long)));

    private static string ReadText(ref ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(Take(ref bytes, ReadShort(ref bytes)));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        ReadOnlySpan<byte> taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    private static string Hex(ReadOnlyMemory<byte>? bytes) =>
        bytes is { } there ? Convert.ToHexString(there.Span) : "no value";
}
