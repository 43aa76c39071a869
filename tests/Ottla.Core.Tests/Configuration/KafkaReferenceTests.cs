using Ottla.Core.Configuration;

namespace Ottla.Core.Tests.Configuration;

/// <summary>Holds the tables against those of Apache Kafka, which lie beside the project where they are to be had.</summary>
public sealed class KafkaReferenceTests
{
    // Where Ottla means to differ, with the reason in docs/configuration.md.
    private static readonly HashSet<string> OtherDefaults = ["controller.listener.names", "listeners", "log.dir", "node.id"];

    [Fact]
    public void Every_broker_key_of_Apache_Kafka_is_known()
    {
        foreach (string[] row in Rows("broker.tsv"))
        {
            Assert.True(BrokerKeys.Find(row[0]) is not null || AcceptedKeys.IsAcceptedByBroker(row[0]) || RefusedKeys.Broker.ContainsKey(row[0]), row[0]);
        }
    }

    [Fact]
    public void Every_topic_key_of_Apache_Kafka_is_known()
    {
        foreach (string[] row in Rows("topic.tsv"))
        {
            Assert.True(TopicKeys.Find(row[0]) is not null || AcceptedKeys.Topic.Contains(row[0]) || RefusedKeys.Topic.ContainsKey(row[0]), row[0]);
        }
    }

    [Fact]
    public void Defaults_and_types_are_those_of_Apache_Kafka()
    {
        foreach ((string file, Func<string, ConfigurationKey?> find) in new[] { ("broker.tsv", BrokerKeys.Find), ("topic.tsv", (Func<string, ConfigurationKey?>)TopicKeys.Find) })
        {
            foreach (string[] row in Rows(file))
            {
                if (find(row[0]) is { } key && !OtherDefaults.Contains(key.Name))
                {
                    Assert.Equal((key.Name, row[1]), (key.Name, key.Type.ToString().ToLowerInvariant()));
                    Assert.Equal((key.Name, row[2] == "null" ? null : row[2]), (key.Name, key.DefaultText is "" ? "" : Unordered(key, row[2])));
                }
            }
        }
    }

    // The protocol map is a set of pairs, which Kafka prints in any order.
    private static string? Unordered(ConfigurationKey key, string expected)
    {
        static string Sort(string text) => string.Join(',', text.Split(',').Order(StringComparer.Ordinal));
        return key.DefaultText is { } text && Sort(text) == Sort(expected) ? expected : key.DefaultText;
    }

    internal static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ottla.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return folder.FullName;
    }

    private static List<string[]> Rows(string file)
    {
        string path = Path.Combine(RepositoryRoot(), "..", "shared", "kafka", "reference", "configs", file);
        Assert.SkipUnless(File.Exists(path), "Apache Kafka's tables of keys are not beside the project.");
        List<string[]> rows = File.ReadLines(path).Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.NotEmpty(rows);
        return rows;
    }
}
