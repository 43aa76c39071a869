using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Ottla.Conformance.DotnetClient;

/// <summary>Drives Confluent.Kafka with the librdkafka that its package carries. The commands stand in ../README.md.</summary>
internal sealed class Driver(string bootstrap, string topic)
{
    private const int LongestShownValue = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public async Task ProduceAsync(string acks, string codec, int count, int size)
    {
        using IProducer<byte[]?, byte[]?> producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = bootstrap,
            Acks = acks switch { "0" => Acks.None, "1" => Acks.Leader, _ => Acks.All },
            CompressionType = Enum.Parse<CompressionType>(codec, ignoreCase: true),
            LingerMs = 20,
            MessageMaxBytes = 8_000_000,
            MessageTimeoutMs = 15_000,
        }).Build();
        try
        {
            IEnumerable<Task> sent = Enumerable.Range(0, count).Select(index => producer.ProduceAsync(topic, NewMessage(index, size)));
            await Task.WhenAll(sent.ToArray());
            Say(new { acknowledged = count });
        }
        catch (ProduceException<byte[]?, byte[]?> error)
        {
            Say(new { error = error.Error.Code.ToString() });
        }
    }

    public void Consume(int partition, string from, int count)
    {
        using IConsumer<byte[]?, byte[]?> consumer = NewConsumer("unused");
        string[] start = from.Split(':');
        TopicPartitionOffset position = new(topic, partition, long.Parse(start[1]));
        if (start[0] == "time")
        {
            position = consumer.OffsetsForTimes([new TopicPartitionTimestamp(topic, partition, new Timestamp(long.Parse(start[1]), TimestampType.CreateTime))], Limit)[0];
        }

        consumer.Assign(position);
        Read(consumer, count);
    }

    public void Resume(string group, int count)
    {
        using IConsumer<byte[]?, byte[]?> consumer = NewConsumer(group);
        consumer.Subscribe(topic);
        Read(consumer, count);
        consumer.Commit();
        consumer.Close();
    }

    public void Join(string group)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        using IConsumer<byte[]?, byte[]?> consumer = NewConsumer(group);
        consumer.Subscribe(topic);
        while (!stop.IsCancellationRequested)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } result)
            {
                SayRecord(result);
                consumer.Commit(result);
            }
        }

        consumer.Close();
    }

    public async Task AdministerAsync()
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 3, ReplicationFactor = 1, Configs = new() { ["retention.ms"] = "12345" } }]);
        List<DescribeConfigsResult> configs = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]);
        int partitions = admin.GetMetadata(topic, Limit).Topics[0].Partitions.Count;
        await admin.DeleteTopicsAsync([topic]);
        bool deleted = SpinWait.SpinUntil(() => admin.GetMetadata(Limit).Topics.TrueForAll(found => found.Topic != topic), TimeSpan.FromSeconds(5));
        Say(new { partitions, retention = configs[0].Entries["retention.ms"].Value, deleted });
    }

    public void Transact()
    {
        long start = Stopwatch.GetTimestamp();
        string error = string.Empty;
        using IProducer<byte[]?, byte[]?> producer = new ProducerBuilder<byte[]?, byte[]?>(
            new ProducerConfig { BootstrapServers = bootstrap, TransactionalId = $"{topic}-id" }).Build();
        try
        {
            producer.InitTransactions(Limit);
            producer.BeginTransaction();
            producer.Produce(topic, new Message<byte[]?, byte[]?> { Value = "never"u8.ToArray() });
            producer.CommitTransaction(Limit);
        }
        catch (KafkaException caught)
        {
            error = caught.Error.ToString();
        }

        Say(new { error, seconds = Stopwatch.GetElapsedTime(start).TotalSeconds });
    }

    private static Message<byte[]?, byte[]?> NewMessage(int index, int size) => new()
    {
        Key = index % 3 == 0 ? null : Encoding.UTF8.GetBytes($"key-{index}"),
        Value = index % 3 != 0 && index % 7 == 0 && size < 1000 ? null : Encoding.UTF8.GetBytes($"value-{index}-".PadRight(size, 'x')),
        Headers = [new Header("source", "confluent-dotnet"u8.ToArray()), new Header("index", Encoding.UTF8.GetBytes($"{index}"))],
    };

    private static void Read(IConsumer<byte[]?, byte[]?> consumer, int count)
    {
        long start = Stopwatch.GetTimestamp();
        while (count > 0 && Stopwatch.GetElapsedTime(start) < Limit)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(200)) is { } result)
            {
                SayRecord(result);
                count--;
            }
        }
    }

    private static void SayRecord(ConsumeResult<byte[]?, byte[]?> result) => Say(new
    {
        partition = result.Partition.Value,
        offset = result.Offset.Value,
        key = Shown(result.Message.Key),
        value = Shown(result.Message.Value),
        headers = result.Message.Headers.Select(header => new[] { header.Key, Shown(header.GetValueBytes()) }),
    });

    private static string? Shown(byte[]? data) => data switch
    {
        null => null,
        { Length: <= LongestShownValue } => Encoding.UTF8.GetString(data),
        _ => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(data)),
    };

    private static void Say<T>(T line) => Console.WriteLine(JsonSerializer.Serialize(line));

    private IConsumer<byte[]?, byte[]?> NewConsumer(string group) => new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
    {
        BootstrapServers = bootstrap,
        GroupId = group,
        EnableAutoCommit = false,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        SessionTimeoutMs = 6000,
        HeartbeatIntervalMs = 300,
        MaxPartitionFetchBytes = 4_000_000,
    }).SetPartitionsAssignedHandler((_, partitions) => Say(new { assigned = partitions.Select(partition => partition.Partition.Value).Order() })).Build();
}
