using CsCheck;

namespace Ottla.Protocol.Tests.Identities;

/// <summary>Ids as Kafka prints them.</summary>
public sealed class KafkaUuidTests
{
    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA", "00000000-0000-0000-0000-000000000000")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAQ", "00000000-0000-0000-0000-000000000001")]
    [InlineData("efS0N43ARCiYnnh8O4KHTw", "79f4b437-8dc0-4428-989e-787c3b82874f")]
    public void An_id_is_printed_as_Kafka_prints_it(string text, string id)
    {
        Assert.Equal(text, KafkaUuid.Format(Guid.Parse(id)));
        Assert.True(KafkaUuid.TryParse(text, out Guid parsed));
        Assert.Equal(Guid.Parse(id), parsed);
    }

    [Fact]
    public void Every_id_comes_back() => Gen.Guid.Sample(id =>
    {
        Assert.True(KafkaUuid.TryParse(KafkaUuid.Format(id), out Guid parsed));
        Assert.Equal(id, parsed);
    });

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAA AAAAAAAAAA")]
    [InlineData("AAAAAAAAAA+AAAAAAAAAAA")]
    public void Anything_else_is_no_id(string text) => Assert.False(KafkaUuid.TryParse(text, out _));
}
