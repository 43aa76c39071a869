using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Ottla.Tests.Processes;

namespace Ottla.Storage.Tests.Support;

/// <summary>A foreign client, to fill a broker with and to ask it.</summary>
internal static class KafkaClients
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    static KafkaClients() => BundledLibrdkafka.Use(typeof(Library).Assembly);

    public static IAdminClient NewAdmin(string address) => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address })
        .SetLogHandler(static (_, _) => { }).Build();

    public static Task CreateTopicAsync(IAdminClient admin, string topic, int partitions, params (string Name, string Value)[] settings) =>
        admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = topic,
                NumPartitions = partitions,
                ReplicationFactor = 1,
                Configs = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
            },
        ]);

    public static IProducer<byte[]?, byte[]?> NewProducer(
        string address, CompressionType codec, bool isIdempotent = true, string? transactionalId = null)
    {
        IProducer<byte[]?, byte[]?> producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = address,
            Acks = Acks.All,
            EnableIdempotence = isIdempotent,
            TransactionalId = transactionalId,
            CompressionType = codec,
            LingerMs = 5,
            BatchNumMessages = 20,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
        }).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        if (transactionalId is not null)
        {
            producer.InitTransactions(Limit);
        }

        return producer;
    }

    public static void Send(IProducer<byte[]?, byte[]?> producer, Confluent.Kafka.TopicPartition partition, string? key, string? value, long timestamp)
    {
        var message = new Message<byte[]?, byte[]?>
        {
            Key = key is null ? null : Encoding.UTF8.GetBytes(key),
            Value = value is null ? null : Encoding.UTF8.GetBytes(value),
            Timestamp = new Timestamp(timestamp, TimestampType.CreateTime),
            Headers = timestamp % 3 == 0 ? new Headers { { "source", "test"u8.ToArray() }, { "empty", null } } : null,
        };
        producer.Produce(partition, message, report => Assert.False(report.Error.IsError, report.Error.Reason));
    }

    /// <summary>Waits until the broker has all that was sent.</summary>
    public static void Finish(IProducer<byte[]?, byte[]?> producer) => Assert.Equal(0, producer.Flush(Limit));

    /// <summary>Where the logs begin and end.</summary>
    public static (long LogStartOffset, long LogEndOffset) AskForEnds(IConsumer<Ignore, Ignore> consumer, Confluent.Kafka.TopicPartition partition)
    {
        WatermarkOffsets ends = consumer.QueryWatermarkOffsets(partition, Limit);
        return (ends.Low.Value, ends.High.Value);
    }

    /// <summary>The first offset at or after a time; -1 when there is none.</summary>
    public static long AskForTime(IConsumer<Ignore, Ignore> consumer, Confluent.Kafka.TopicPartition partition, long timestamp) =>
        consumer.OffsetsForTimes([new TopicPartitionTimestamp(partition, new Timestamp(timestamp, TimestampType.CreateTime))], Limit)[0].Offset.Value;

    /// <summary>The first record with the greatest timestamp (KIP-734).</summary>
    public static async Task<(long Offset, long Timestamp)> AskForLatestAsync(IAdminClient admin, Confluent.Kafka.TopicPartition partition)
    {
        ListOffsetsResult result = await admin.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.MaxTimestamp() }], new ListOffsetsOptions());
        ListOffsetsResultInfo info = Assert.Single(result.ResultInfos);
        return (info.TopicPartitionOffsetError.Offset.Value, info.Timestamp);
    }

    public static IConsumer<Ignore, Ignore> NewConsumer(string address) => new ConsumerBuilder<Ignore, Ignore>(
        new ConsumerConfig { BootstrapServers = address, GroupId = "asks" }).SetLogHandler(static (_, _) => { }).Build();
}
