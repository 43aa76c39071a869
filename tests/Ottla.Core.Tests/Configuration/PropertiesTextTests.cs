using Ottla.Core.Configuration;

namespace Ottla.Core.Tests.Configuration;

public sealed class PropertiesTextTests
{
    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData("  a = b ", "a", "b")]
    [InlineData("a: b", "a", "b")]
    [InlineData("a b", "a", "b")]
    [InlineData("a=b=c", "a", "b=c")]
    [InlineData("a=", "a", "")]
    [InlineData("a\\=b=c", "a=b", "c")]
    [InlineData("a=b\\\n   c", "a", "bc")]
    [InlineData("# comment\n! comment\n\na=\\u0041", "a", "A")]
    [InlineData("listeners=PLAINTEXT://:9092\r\n", "listeners", "PLAINTEXT://:9092")]
    public void A_setting_is_read_as_Java_reads_it(string text, string key, string value)
    {
        Assert.Equal([KeyValuePair.Create(key, value)], PropertiesText.Parse(text));
    }

    [Theory]
    [InlineData("OTTLA_NUM_PARTITIONS", "num.partitions")]
    [InlineData("OTTLA_A__B_C___D", "a_b.c-d")]
    [InlineData("OTTLA_JIT", null)]
    [InlineData("PATH", null)]
    public void An_environment_variable_names_a_key(string variable, string? key)
    {
        Assert.Equal(key, EnvironmentNames.ToKey(variable));
    }

    [Fact]
    public void Every_key_can_be_set_by_an_environment_variable()
    {
        foreach (ConfigurationKey key in BrokerKeys.All)
        {
            Assert.Equal(key.Name, EnvironmentNames.ToKey(EnvironmentNames.FromKey(key.Name)));
        }
    }
}
