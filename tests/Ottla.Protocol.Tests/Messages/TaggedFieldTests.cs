using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Protocol.Tests.Messages;

/// <summary>Tagged fields that this build does not know (KIP-482).</summary>
public sealed class TaggedFieldTests
{
    [Fact]
    public void Unknown_tags_between_known_ones_are_written_where_they_stood()
    {
        const string leader = "0104" + "00000007";
        const string recovery = "0501" + "01";
        const string directories = "0801" + "01";
        byte[] bytes = Convert.FromHexString(
            "00000005" + "00112233445566778899AABBCCDDEEFF" + "06" + leader + recovery + "0602AABB" + "0700" + directories + "0901CC");

        PartitionChangeRecord record = MessageBytes.Decode<PartitionChangeRecord>(bytes, 1);

        Assert.Equal(7, record.Leader);
        Assert.Equal(1, record.LeaderRecoveryState);
        Assert.Empty(record.Directories.OrFail());
        Assert.Equal("0602AABB" + "0700" + "0901CC", Convert.ToHexString(record.UnknownTaggedFields.Span));
        Assert.Equal(bytes, MessageBytes.Encode(record, 1));
    }

    [Fact]
    public void Unknown_tags_in_one_run_are_a_slice_of_the_buffer()
    {
        byte[] bytes = FetchRequestWithTags("02" + "0201AA" + "0301BB");

        FetchRequest request = MessageBytes.Decode<FetchRequest>(bytes, 15);
        bytes[^1] = 0xCC;

        Assert.Equal("0201AA0301CC", Convert.ToHexString(request.UnknownTaggedFields.Span));
    }

    [Theory]
    [InlineData("02" + "0201AA" + "0201BB", "twice the same tag")]
    [InlineData("02" + "0301AA" + "0201BB", "descending tags")]
    [InlineData("01" + "0205AA", "a size past the end")]
    [InlineData("01" + "02FFFFFFFF0F", "the largest size")]
    [InlineData("01" + "FFFFFFFF0F00", "a tag that is no positive integer")]
    [InlineData("914E", "10,001 tags")]
    [InlineData("FFFFFFFF0F", "the largest count")]
    [InlineData("FFFFFFFF1F", "a varint of more than 32 bits")]
    [InlineData("FFFFFFFFFF01", "a varint of six bytes")]
    [InlineData("01" + "0005" + "04636C75" + "00", "a known field shorter than its size")]
    [InlineData("01" + "0003" + "04636C75", "a known field longer than its size")]
    public void Bad_tagged_fields_are_malformed(string tags, string why)
    {
        byte[] bytes = FetchRequestWithTags(tags);

        Exception? thrown = Record.Exception(() => MessageBytes.Decode<FetchRequest>(bytes, 15));

        Assert.True(thrown is MalformedMessageException, $"{why} gave {thrown}");
    }

    [Fact]
    public void Ten_thousand_tags_are_the_most_a_struct_may_carry()
    {
        byte[] most = ManyTags(10_000);
        byte[] tooMany = ManyTags(10_001);

        FetchRequest request = MessageBytes.Decode<FetchRequest>(most, 15);

        Assert.Equal(most, MessageBytes.Encode(request, 15));
        Assert.Throws<MalformedMessageException>(() => MessageBytes.Decode<FetchRequest>(tooMany, 15));
    }

    [Fact]
    public void Unknown_tags_do_not_fit_into_a_version_that_is_not_flexible()
    {
        FetchRequest request = MessageBytes.Decode<FetchRequest>(FetchRequestWithTags("01" + "0201AA"), 15);

        Assert.Throws<InvalidOperationException>(() => MessageBytes.Encode(request, 11));
    }

    [Fact]
    public void A_tag_that_is_both_known_and_unknown_is_not_written_twice()
    {
        FetchRequest request = new() { ClusterId = "clu", UnknownTaggedFields = Convert.FromHexString("000104") };

        Assert.Throws<InvalidOperationException>(() => MessageBytes.Encode(request, 15));
    }

    private static byte[] ManyTags(int count)
    {
        MemoryStream tags = new();
        WriteVarint(tags, count);
        for (int tag = 2; tag < count + 2; tag++)
        {
            WriteVarint(tags, tag);
            tags.WriteByte(0);
        }

        return FetchRequestWithTags(Convert.ToHexString(tags.ToArray()));
    }

    private static void WriteVarint(MemoryStream stream, int value)
    {
        for (; value >= 128; value /= 128)
        {
            stream.WriteByte((byte)((value % 128) + 128));
        }

        stream.WriteByte((byte)value);
    }

    /// <summary>A Fetch request of version 15 without topics, up to its tagged fields.</summary>
    private static byte[] FetchRequestWithTags(string tags) => Convert.FromHexString(
        "000001F4" + "00000001" + "03200000" + "00" + "00000000" + "FFFFFFFF" + "01" + "01" + "01" + tags);
}
