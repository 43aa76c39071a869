using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Tests.Metadata;

public sealed class MetadataRecordCodecTests
{
    /// <summary>Values as Apache Kafka 4.3.1 wrote them into its own metadata log.</summary>
    [Theory]
    [InlineData("010c00116d657461646174612e76657273696f6e001e00", MetadataRecordType.FeatureLevel)]
    [InlineData("01180000", MetadataRecordType.EndTransaction)]
    public void What_Kafka_wrote_is_read_and_written_alike(string hex, MetadataRecordType type)
    {
        byte[] value = Convert.FromHexString(hex);

        MetadataRecord record = MetadataRecordCodec.Decode(value);

        Assert.Equal(type, record.Type);
        Assert.Equal(value, MetadataRecordCodec.Encode(record));
    }

    [Fact]
    public void A_level_is_read_from_its_bytes()
    {
        FeatureLevelRecord level = Assert.IsType<FeatureLevelRecord>(
            MetadataRecordCodec.Decode(Convert.FromHexString("010c00116d657461646174612e76657273696f6e001e00")).Message);

        Assert.Equal(("metadata.version", (short)30), (level.Name, level.FeatureLevel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("010c")]
    [InlineData("010c0011")]
    [InlineData("0118000000")]
    [InlineData("01ffffffff0f00")]
    public void Bytes_that_are_no_record_are_refused(string hex) =>
        Assert.Throws<MalformedMessageException>(() => MetadataRecordCodec.Decode(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("010600")] // An access control entry: dropping it would widen access.
    [InlineData("01630000")]
    [InlineData("010209")]
    public void A_kind_or_version_that_is_not_known_is_refused(string hex) =>
        Assert.Throws<InvalidMetadataException>(() => MetadataRecordCodec.Decode(Convert.FromHexString(hex)));
}
