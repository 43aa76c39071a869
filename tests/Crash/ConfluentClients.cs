using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>Clients that others wrote, as these suites use them.</summary>
internal static class ConfluentClients
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    static ConfluentClients() => BundledLibrdkafka.Use(typeof(Library).Assembly);

    public static async Task CreateTopicAsync(string address, string topic, int partitions)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }

    public static async Task DeleteTopicAsync(string address, string topic)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();
        await admin.DeleteTopicsAsync([topic]);
    }

    public static IReadOnlyList<string> ListTopics(string address)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();
        return [.. admin.GetMetadata(Limit).Topics.Select(topic => topic.Topic)];
    }

    public static IProducer<string, string> NewProducer(string address, bool isIdempotent) => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = address,
        Acks = Acks.All,
        EnableIdempotence = isIdempotent,

        // Without idempotence, order takes one request at a time.
        MaxInFlight = isIdempotent ? 5 : 1,
        LingerMs = 2,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 100,
        RetryBackoffMs = 20,
        MessageTimeoutMs = 60_000,
    }).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();

    public static IConsumer<string, string> NewConsumer(string address, string group) => new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = address,
        GroupId = group,
        EnableAutoCommit = false,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        SessionTimeoutMs = 6_000,
        HeartbeatIntervalMs = 500,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 100,
        EnablePartitionEof = true,
    }).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();

    /// <summary>All values of all partitions, in the order of their offsets.</summary>
    public static IReadOnlyList<ConsumeResult<string, string>> ReadAll(string address, string topic, int partitions)
    {
        using IConsumer<string, string> consumer = NewConsumer(address, "reader-without-commits");
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        List<ConsumeResult<string, string>> read = [];
        for (int left = partitions; left > 0;)
        {
            ConsumeResult<string, string>? result = consumer.Consume(Limit);
            Assert.True(result is not null, $"{left} partitions did not reach their end within {Limit.TotalSeconds} s");
            if (result.IsPartitionEOF)
            {
                left--;
            }
            else
            {
                read.Add(result);
            }
        }

        return read;
    }
}
