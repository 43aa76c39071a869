using Ottla.Conformance.Tests.Brokers;
using Ottla.Conformance.Tests.Tools;
using Ottla.Tests.Processes;

namespace Ottla.Conformance.Tests;

/// <summary>The newest Java clients and console tools. Each start of a JVM costs seconds, so a test does several things with one topic.</summary>
public sealed class KafkaToolsTests(BrokerFixture broker)
{
    private string[] At => ["--bootstrap-server", broker.Address];

    [Fact]
    public async Task Topics_are_created_listed_described_altered_and_deleted()
    {
        string topic = broker.NewName("java-topic");

        await KafkaTools.SucceedAsync("", ["topics", .. At, "--create", "--topic", topic, "--partitions", "2", "--config", "retention.ms=60000"]);
        CommandResult described = await KafkaTools.SucceedAsync("", ["topics", .. At, "--describe", "--topic", topic]);
        await KafkaTools.SucceedAsync("", ["topics", .. At, "--alter", "--topic", topic, "--partitions", "4"]);
        CommandResult listed = await KafkaTools.SucceedAsync("", ["topics", .. At, "--list"]);
        await KafkaTools.SucceedAsync("", ["topics", .. At, "--delete", "--topic", topic]);

        described.ExpectOutput("PartitionCount: 2").ExpectOutput("ReplicationFactor: 1").ExpectOutput("retention.ms=60000");
        Assert.Contains(topic, listed.Lines);
    }

    [Fact]
    public async Task A_topic_that_exists_or_has_no_valid_setting_is_refused_by_name()
    {
        string topic = await broker.NewTopicAsync("java-refused");

        CommandResult exists = await KafkaTools.RunAsync("", ["topics", .. At, "--create", "--topic", topic]);
        CommandResult wrong = await KafkaTools.RunAsync("", ["topics", .. At, "--create", "--topic", topic + "-wrong", "--config", "retention.ms=-5"]);

        Assert.NotEqual(0, exists.ExitCode);
        Assert.Contains("TopicExistsException", exists.Output + exists.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("retention.ms", wrong.Output + wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configs_of_topics_and_brokers_are_described_and_altered()
    {
        string topic = await broker.NewTopicAsync("java-configs");

        await KafkaTools.SucceedAsync("", ["configs", .. At, "--entity-type", "topics", "--entity-name", topic, "--alter", "--add-config", "retention.bytes=1000000"]);
        CommandResult topicConfigs = await KafkaTools.SucceedAsync("", ["configs", .. At, "--entity-type", "topics", "--entity-name", topic, "--describe"]);
        CommandResult brokerConfigs = await KafkaTools.SucceedAsync("", ["configs", .. At, "--entity-type", "brokers", "--entity-name", "1", "--describe", "--all"]);

        topicConfigs.ExpectOutput("retention.bytes=1000000").ExpectOutput("DYNAMIC_TOPIC_CONFIG");
        brokerConfigs.ExpectOutput("log.dirs");
    }

    [Theory]
    [InlineData("none", "1")]
    [InlineData("gzip", "all")]
    [InlineData("snappy", "all")]
    [InlineData("lz4", "0")]
    [InlineData("zstd", "all")]
    public async Task The_console_producer_and_consumer_agree_with_every_codec(string codec, string acks)
    {
        string topic = await broker.NewTopicAsync($"java-console-{codec}");
        string lines = string.Concat(Enumerable.Range(0, 200).Select(index => $"origin:java\tkey-{index}\tvalue-{index}\n"));

        await KafkaTools.SucceedAsync(lines, ["produce", .. At, "--topic", topic, "--compression-codec", codec, "--command-property", $"acks={acks}", "--reader-property", "parse.key=true", "--reader-property", "parse.headers=true"]);
        CommandResult read = await KafkaTools.SucceedAsync("", ["consume", .. At, "--topic", topic, "--from-beginning", "--max-messages", "200", "--timeout-ms", "20000",
            "--formatter-property", "print.key=true", "--formatter-property", "print.headers=true"]);

        Assert.Equal(lines, read.Output);
    }

    [Fact]
    public async Task A_verifiable_producer_and_consumer_agree()
    {
        string topic = await broker.NewTopicAsync("java-verifiable", partitions: 3);

        CommandResult sent = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.VerifiableProducer", .. At, "--topic", topic, "--max-messages", "1000", "--acks", "-1"]);
        CommandResult read = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.VerifiableConsumer", .. At, "--topic", topic, "--group-id", topic, "--max-messages", "1000", "--session-timeout", "10000", "--reset-policy", "earliest", "--group-protocol", "classic"]);

        sent.ExpectOutput("\"acked\":1000");
        read.ExpectOutput("partitions_assigned").ExpectOutput("offsets_committed");
        Assert.DoesNotContain("\"success\":false", read.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_are_listed_described_reset_and_deleted()
    {
        string topic = await broker.NewTopicAsync("java-groups");
        await KafkaTools.SucceedAsync("1\n2\n3\n", ["produce", .. At, "--topic", topic]);
        await KafkaTools.SucceedAsync("", ["consume", .. At, "--topic", topic, "--group", topic, "--from-beginning", "--max-messages", "3", "--timeout-ms", "20000"]);

        CommandResult listed = await KafkaTools.SucceedAsync("", ["groups", .. At, "--list"]);
        CommandResult described = await KafkaTools.SucceedAsync("", ["groups", .. At, "--describe", "--group", topic]);
        await KafkaTools.SucceedAsync("", ["groups", .. At, "--reset-offsets", "--to-earliest", "--group", topic, "--topic", topic, "--execute"]);
        CommandResult reset = await KafkaTools.SucceedAsync("", ["groups", .. At, "--describe", "--group", topic]);
        CommandResult deleted = await KafkaTools.SucceedAsync("", ["groups", .. At, "--delete", "--group", topic]);

        Assert.Contains(topic, listed.Lines);
        Assert.Matches($@"{topic}\s+{topic}\s+0\s+3\s+3\s+0\s", described.Output);
        Assert.Matches($@"{topic}\s+{topic}\s+0\s+0\s+3\s+3\s", reset.Output);
        deleted.ExpectOutput("was successful");
    }

    [Fact]
    public async Task Offsets_log_directories_and_deleted_records_are_told()
    {
        string topic = await broker.NewTopicAsync("java-offsets");
        await KafkaTools.SucceedAsync("1\n2\n3\n4\n5\n", ["produce", .. At, "--topic", topic]);
        using TemporaryFolder folder = new("offsets");
        string file = folder.Combine("delete.json");
        await File.WriteAllTextAsync(file, $$"""{"partitions":[{"topic":"{{topic}}","partition":0,"offset":2}],"version":1}""", TestContext.Current.CancellationToken);

        CommandResult deleted = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.DeleteRecordsCommand", .. At, "--offset-json-file", file]);
        CommandResult latest = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.GetOffsetShell", .. At, "--topic", topic]);
        CommandResult earliest = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.GetOffsetShell", .. At, "--topic", topic, "--time", "earliest"]);
        CommandResult directories = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.LogDirsCommand", .. At, "--describe", "--topic-list", topic]);

        deleted.ExpectOutput("low_watermark: 2");
        latest.ExpectOutput($"{topic}:0:5");
        earliest.ExpectOutput($"{topic}:0:2");
        directories.ExpectOutput($"\"partition\":\"{topic}-0\"");
    }

    [Fact]
    public async Task Its_dump_tool_reads_the_files_of_a_log_and_the_offsets_of_a_group()
    {
        string topic = await broker.NewTopicAsync("java-dump");
        await KafkaTools.SucceedAsync("k1:one\nk2:two\n", ["produce", .. At, "--topic", topic, "--compression-codec", "zstd", "--reader-property", "parse.key=true", "--reader-property", "key.separator=:"]);
        await KafkaTools.SucceedAsync("", ["consume", .. At, "--topic", topic, "--group", topic, "--from-beginning", "--max-messages", "2", "--timeout-ms", "20000"]);
        string[] offsets = [.. Directory.GetDirectories(broker.Broker.DataFolder, "__consumer_offsets-*").SelectMany(folder => Directory.GetFiles(folder, "*.log")).Where(file => new FileInfo(file).Length > 0)];

        CommandResult records = await KafkaTools.SucceedAsync("", ["dump-log", "--print-data-log", "--files", Path.Combine(broker.Broker.DataFolder, $"{topic}-0", "00000000000000000000.log")]);
        CommandResult commits = await KafkaTools.SucceedAsync("", ["dump-log", "--offsets-decoder", "--files", string.Join(',', offsets)]);

        records.ExpectOutput("compresscodec: zstd").ExpectOutput("isvalid: true").ExpectOutput("key: k2 payload: two");
        Assert.Contains(commits.Lines, line => line.Contains(topic, StringComparison.Ordinal) && line.Contains("\"offset\":2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Elections_reassignments_the_quorum_and_features_are_told()
    {
        string topic = await broker.NewTopicAsync("java-cluster");

        CommandResult election = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.LeaderElectionCommand", .. At, "--election-type", "preferred", "--topic", topic, "--partition", "0"]);
        CommandResult moves = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.reassign.ReassignPartitionsCommand", .. At, "--list"]);
        CommandResult quorum = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.MetadataQuorumCommand", .. At, "describe", "--status"]);
        CommandResult features = await KafkaTools.SucceedAsync("", ["run", "org.apache.kafka.tools.FeatureCommand", .. At, "describe"]);

        election.ExpectOutput($"{topic}-0");
        moves.ExpectOutput("No partition reassignments found.");
        quorum.ExpectOutput("LeaderId:").ExpectOutput("CurrentVoters:");
        features.ExpectOutput("metadata.version");
    }

    [Fact]
    public async Task The_perf_tools_measure()
    {
        string topic = await broker.NewTopicAsync("java-perf", partitions: 2);

        CommandResult sent = await KafkaTools.SucceedAsync("", ["producer-perf", "--topic", topic, "--num-records", "20000", "--record-size", "200", "--throughput", "-1", .. At]);
        CommandResult read = await KafkaTools.SucceedAsync("", ["consumer-perf", .. At, "--topic", topic, "--num-records", "20000", "--timeout", "20000"]);

        sent.ExpectOutput("20000 records sent");
        Assert.Contains("20000", read.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transactional_producer_fails_within_5_seconds_with_a_message()
    {
        Assert.SkipUnless(BrokerFixture.Kind == BrokerKind.Ottla, "Apache Kafka has transactions");
        string topic = await broker.NewTopicAsync("java-transaction");

        CommandResult result = await KafkaTools.RunAsync("never\n", ["producer-perf", "--topic", topic, "--num-records", "10", "--record-size", "10", "--throughput", "-1",
            "--transactional-id", topic, "--transaction-duration-ms", "100", .. At]);

        // The start of the JVM is part of what is measured here.
        Assert.NotEqual(0, result.ExitCode);
        Assert.InRange(result.Elapsed.TotalSeconds, 0, 5 + 5);
        Assert.Contains("ransaction", result.Output + result.Error, StringComparison.Ordinal);
    }
}
