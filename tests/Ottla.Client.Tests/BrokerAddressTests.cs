namespace Ottla.Client.Tests;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("localhost", "localhost", 9092)]
    [InlineData("localhost:19092", "localhost", 19092)]
    [InlineData("PLAINTEXT://10.0.0.1:9093", "10.0.0.1", 9093)]
    [InlineData("[::1]:9094", "::1", 9094)]
    [InlineData("[::1]", "::1", 9092)]
    [InlineData("::1", "::1", 9092)]
    [InlineData("  broker-1.example:1 ", "broker-1.example", 1)]
    public void An_address_is_read(string text, string host, int port)
    {
        Assert.True(BrokerAddress.TryParse(text, out BrokerAddress address));
        Assert.Equal(new BrokerAddress(host, port), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":9092")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:9o92")]
    [InlineData("[::1")]
    [InlineData("[::1]9092")]
    [InlineData("two words:1")]
    public void What_is_no_address_is_refused(string text) => Assert.False(BrokerAddress.TryParse(text, out _));

    [Fact]
    public void A_list_needs_all_of_its_addresses()
    {
        Assert.True(BrokerAddress.TryParseList("a:1, b:2", out IReadOnlyList<BrokerAddress>? addresses));
        Assert.Equal([new BrokerAddress("a", 1), new BrokerAddress("b", 2)], addresses);
        Assert.False(BrokerAddress.TryParseList("a:1,b:x", out _));
        Assert.False(BrokerAddress.TryParseList(" , ", out _));
    }

    [Fact]
    public void An_IPv6_address_is_written_in_brackets() => Assert.Equal("[::1]:9092", new BrokerAddress("::1", 9092).ToString());
}
