using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Schemas;

/// <summary>
/// Our schemas against Kafka's own definitions of 4.4 and, for the versions that 4.0 dropped, of 3.9. They are no part of the source
/// tree, so the tests are skipped where nobody put them beside it.
/// </summary>
public sealed class KafkaDefinitionTests
{
    /// <summary>Early-access versions of share groups and a controller-to-controller API: 3.9 speaks them, no client of ours does.</summary>
    private static readonly string[] NotWidened =
        ["AlterPartition", "ShareGroupHeartbeat", "ShareGroupDescribe", "ShareFetch", "ShareAcknowledge"];

    /// <summary>Keys that only clusters with ZooKeeper used, and one that 4.1 gave another name.</summary>
    private static readonly string[] NotTaken =
        ["LeaderAndIsr", "StopReplica", "UpdateMetadata", "ControlledShutdown", "ListClientMetricsResources"];

    [Fact]
    public void Every_message_of_Kafka_4_4_has_the_same_fields_in_every_version()
    {
        RequireDefinitions();
        List<string> differences = [];
        foreach (KafkaMessage kafka in KafkaDefinitions.In("rpc").Concat(KafkaDefinitions.In("records")))
        {
            if (!kafka.Versions.IsEmpty)
            {
                CompareVersions(kafka, withIgnorable: true, differences);
            }
        }

        Assert.Empty(differences);
    }

    [Fact]
    public void The_versions_that_Kafka_4_dropped_have_the_fields_of_3_9()
    {
        RequireDefinitions();
        List<string> differences = [];
        foreach (KafkaMessage kafka in KafkaDefinitions.In("rpc-3.9").Where(message => !Is(message, NotTaken) && !Is(message, NotWidened)))
        {
            CompareVersions(kafka, withIgnorable: false, differences);
        }

        Assert.Empty(differences);
    }

    [Fact]
    public void Every_message_has_Kafkas_key_listeners_and_flexible_versions_and_the_widest_range()
    {
        RequireDefinitions();
        Dictionary<string, VersionSpan> older = KafkaDefinitions.In("rpc-3.9")
            .Where(message => !Is(message, NotWidened))
            .ToDictionary(message => message.Name, message => message.Versions);
        foreach (KafkaMessage kafka in KafkaDefinitions.In("rpc").Concat(KafkaDefinitions.In("records")))
        {
            if (kafka.Versions.IsEmpty)
            {
                continue;
            }

            MessageSchema ours = SchemaFiles.ByClassName[kafka.Name];
            int low = older.TryGetValue(kafka.Name, out VersionSpan before) ? Math.Min(before.Low, kafka.Versions.Low) : kafka.Versions.Low;
            int high = kafka.IsNewestUnstable || kafka.Name == "InitProducerIdResponse" ? kafka.Versions.High - 1 : kafka.Versions.High;
            Assert.Equal((kafka.Name, new VersionSpan(low, high)), (kafka.Name, ours.Versions));
            Assert.Equal((kafka.Name, kafka.Flexible.Intersect(ours.Versions)), (kafka.Name, ours.Flexible));
            Assert.Equal((kafka.Name, kafka.Key), (kafka.Name, ours.Key));
            Assert.Equal(kafka.Listeners, ours.Listeners);
        }
    }

    [Fact]
    public void No_schema_is_of_our_own_invention()
    {
        RequireDefinitions();
        IEnumerable<string> kafka = KafkaDefinitions.In("rpc").Concat(KafkaDefinitions.In("records")).Select(message => message.Name);

        Assert.Empty(SchemaFiles.ByClassName.Keys.Except(kafka));
    }

    private static void CompareVersions(KafkaMessage kafka, bool withIgnorable, List<string> differences)
    {
        MessageSchema ours = SchemaFiles.ByClassName[kafka.Name];
        for (int version = kafka.Versions.Low; version <= Math.Min(kafka.Versions.High, ours.Versions.High); version++)
        {
            string[] expected = [.. kafka.FieldsOf(version, withIgnorable)];
            string[] actual = [.. FieldLine.Of(ours.Root, version, withIgnorable)];
            if (!expected.SequenceEqual(actual))
            {
                differences.Add($"{kafka.Name} {version}: Kafka has {string.Join(", ", expected.Except(actual))}; "
                    + $"we have {string.Join(", ", actual.Except(expected))}");
            }
        }
    }

    private static bool Is(KafkaMessage message, string[] names) =>
        names.Any(name => message.Name == name + "Request" || message.Name == name + "Response");

    private static void RequireDefinitions() =>
        Assert.SkipUnless(KafkaDefinitions.AreHere, "Kafka's definitions do not lie in ../shared/kafka-protocol.");
}
