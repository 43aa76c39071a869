using Ottla.Core.Configuration;

namespace Ottla.Core.Tests.Configuration;

public sealed class ConfigurationReferenceTests
{
    /// <summary>With OTTLA_TEST_REWRITE=1 in the environment the page is written anew instead.</summary>
    [Fact]
    public void The_page_of_keys_is_what_the_tables_say()
    {
        string path = Path.Combine(KafkaReferenceTests.RepositoryRoot(), "docs", "configuration.md");
        if (Environment.GetEnvironmentVariable("OTTLA_TEST_REWRITE") == "1")
        {
            File.WriteAllText(path, ConfigurationReference.ToMarkdown());
        }

        Assert.Equal(File.ReadAllText(path), ConfigurationReference.ToMarkdown());
    }

    [Fact]
    public void Explaining_a_key_tells_its_default_and_its_range()
    {
        KeyExplanation key = Assert.Single(ConfigurationReference.Explain("log.segment.bytes"));

        Assert.Equal(("broker", "1073741824"), (key.Scope, key.Default));
        Assert.Contains("at least 1048576", key.Allowed, StringComparison.Ordinal);
        Assert.Equal(["broker", "topic"], ConfigurationReference.Explain("min.insync.replicas").Select(found => found.Scope));
        Assert.Null(Assert.Single(ConfigurationReference.Explain("num.io.threads")).Scope);
        Assert.Empty(ConfigurationReference.Explain("no.such.key"));
    }
}
