using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Ottla.Protocol;
using Ottla.Tests.Processes;
using KafkaPartition = Confluent.Kafka.TopicPartition;

namespace Ottla.Storage.Tests.Support;

/// <summary>
/// Topics that have all that a log directory of Kafka can have: small segments, every codec, both kinds of timestamps, headers and nulls,
/// transactions with each outcome, compaction, deleted records, and space reserved ahead.
/// </summary>
internal sealed class ApacheKafkaTopics(BrokerProcess broker)
{
    /// <summary>The partitions by topic.</summary>
    public static readonly IReadOnlyDictionary<string, int> Partitions = new Dictionary<string, int>
    {
        [Orders] = 3,
        [Transfers] = 2,
        [Accounts] = 1,
        [Trimmed] = 1,
        [Stamped] = 1,
        [Reserved] = 1,
    };

    /// <summary><c>index.interval.bytes</c> of all of them.</summary>
    public const int IndexIntervalBytes = 512;

    /// <summary><c>segment.bytes</c> of all of them.</summary>
    public const int SegmentBytes = 64 * 1024;

    /// <summary>Where <see cref="Trimmed"/> begins: within a batch.</summary>
    public const long TrimmedTo = 703;

    public const string Orders = "orders", Transfers = "transfers", Accounts = "accounts", Trimmed = "trimmed", Stamped = "stamped", Reserved = "reserved";
    /// <summary>The transactional id of Kafka's own producer, which knows a newer protocol.</summary>
    public const string JavaTransaction = "java";

    private const string Gone = "gone", OpenTransaction = "open";
    private const int MaxCleaningRounds = 2_000;
    private static readonly CompressionType[] Codecs =
        [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    private readonly Random _random = new(1);
    private readonly long _start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 600_000;
    private int _count;

    public async Task CreateAsync()
    {
        using IAdminClient admin = KafkaClients.NewAdmin(broker.Address);
        await CreateAsync(admin, Orders);
        await CreateAsync(admin, Transfers);
        await CreateAsync(admin, Accounts, ("cleanup.policy", "compact"), ("min.cleanable.dirty.ratio", "0.01"));
        await CreateAsync(admin, Trimmed);
        await CreateAsync(admin, Stamped, ("message.timestamp.type", "LogAppendTime"), ("compression.type", "gzip"));
        await CreateAsync(admin, Reserved, ("preallocate", "true"));
        await KafkaClients.CreateTopicAsync(admin, Gone, 1);
    }

    /// <summary>The first life of the broker: ends with a deleted topic and deleted records.</summary>
    public async Task FillAsync()
    {
        FillWithCodecs(250);
        using IAdminClient admin = KafkaClients.NewAdmin(broker.Address);
        Task deletion = Task.WhenAll(admin.DeleteRecordsAsync([new TopicPartitionOffset(Trimmed, 0, TrimmedTo)]), admin.DeleteTopicsAsync([Gone]));
        FillTransactions();
        CompactAccounts();
        await deletion;
    }

    /// <summary>Leaves the partitions of <see cref="Transfers"/> with a transaction that nobody ends.</summary>
    public void LeaveTransactionOpen()
    {
        EndTransactionsOf(JavaTransaction);
        using IProducer<byte[]?, byte[]?> open = KafkaClients.NewProducer(broker.Address, CompressionType.Lz4, transactionalId: OpenTransaction);
        open.BeginTransaction();
        SendMany(open, new KafkaPartition(Transfers, 0), 30);
        SendMany(open, new KafkaPartition(Transfers, 1), 10);
        KafkaClients.Finish(open);
    }

    /// <summary>Its second life, in later leader epochs. What was left open is aborted.</summary>
    public async Task FillAgainAsync()
    {
        Task abort = Task.Run(() => EndTransactionsOf(OpenTransaction));
        FillWithCodecs(40);
        FillTransactions();
        await abort;
    }

    /// <summary>What Kafka says of its logs.</summary>
    public async Task<IReadOnlyList<ApacheKafkaAnswer>> AskAsync()
    {
        using IAdminClient admin = KafkaClients.NewAdmin(broker.Address);
        using IConsumer<Ignore, Ignore> consumer = KafkaClients.NewConsumer(broker.Address);
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var answers = new List<ApacheKafkaAnswer>();
        foreach ((string topic, int count) in Partitions)
        {
            for (int index = 0; index < count; index++)
            {
                var partition = new KafkaPartition(topic, index);
                (long start, long end) = KafkaClients.AskForEnds(consumer, partition);
                var times = new List<(long, long)>();
                foreach (long timestamp in (long[])[.. Enumerable.Range(0, 20).Select(step => _start + (step * (TimeOf(_count) - _start) / 18)), now - 3_000, now + 1])
                {
                    times.Add((timestamp, KafkaClients.AskForTime(consumer, partition, timestamp)));
                }

                (long, long) latest = await KafkaClients.AskForLatestAsync(admin, partition);
                answers.Add(new ApacheKafkaAnswer(new Protocol.TopicPartition(topic, new PartitionId(index)), start, end, latest, times));
            }
        }

        return answers;
    }

    private static Task CreateAsync(IAdminClient admin, string topic, params (string, string)[] settings) => KafkaClients.CreateTopicAsync(
        admin,
        topic,
        Partitions[topic],
        [
            ("internal.segment.bytes", SegmentBytes.ToString(CultureInfo.InvariantCulture)),
            ("index.interval.bytes", IndexIntervalBytes.ToString(CultureInfo.InvariantCulture)),
            .. settings,
        ]);

    private void FillWithCodecs(int countEach)
    {
        KafkaPartition[] partitions =
        [
            .. Enumerable.Range(0, Partitions[Orders]).Select(index => new KafkaPartition(Orders, index)),
            new(Trimmed, 0), new(Stamped, 0), new(Reserved, 0),
        ];
        foreach (CompressionType codec in Codecs)
        {
            using IProducer<byte[]?, byte[]?> idempotent = KafkaClients.NewProducer(broker.Address, codec);
            using IProducer<byte[]?, byte[]?> plain = KafkaClients.NewProducer(broker.Address, codec, isIdempotent: false);
            foreach (KafkaPartition partition in partitions)
            {
                SendMany(idempotent, partition, countEach / 2);
                SendMany(plain, partition, countEach / 2);
            }

            KafkaClients.Finish(idempotent);
            KafkaClients.Finish(plain);
        }
    }

    private void FillTransactions()
    {
        const string First = "first", Second = "second";
        using IProducer<byte[]?, byte[]?> first = KafkaClients.NewProducer(broker.Address, CompressionType.None, transactionalId: First);
        using IProducer<byte[]?, byte[]?> second = KafkaClients.NewProducer(broker.Address, CompressionType.Zstd, transactionalId: Second);
        for (int round = 0; round < 12; round++)
        {
            first.BeginTransaction();
            second.BeginTransaction();
            for (int index = 0; index < Partitions[Transfers]; index++)
            {
                SendMany(first, new KafkaPartition(Transfers, index), 40);
                SendMany(second, new KafkaPartition(Transfers, index), 10);
            }

            End(first, isAborted: round % 3 == 0);
            End(second, isAborted: round % 4 == 1);
        }

        EndTransactionsOf(First, Second);
    }

    /// <summary>
    /// A commit is answered before its markers are in the log. The start of another producer of the same name waits for them, and aborts
    /// what is open.
    /// </summary>
    private void EndTransactionsOf(params ReadOnlySpan<string> transactionalIds)
    {
        foreach (string transactionalId in transactionalIds)
        {
            KafkaClients.NewProducer(broker.Address, CompressionType.None, transactionalId: transactionalId).Dispose();
        }
    }

    private static void End(IProducer<byte[]?, byte[]?> producer, bool isAborted)
    {
        KafkaClients.Finish(producer);
        if (isAborted)
        {
            producer.AbortTransaction();
        }
        else
        {
            producer.CommitTransaction();
        }
    }

    /// <summary>
    /// Writes the same keys until Kafka's cleaner has been there. A first producer's records are all superseded, so that only the bare
    /// header of its last batch is left.
    /// </summary>
    private void CompactAccounts()
    {
        var partition = new KafkaPartition(Accounts, 0);
        string checkpoint = Path.Combine(broker.DataFolder, "cleaner-offset-checkpoint");
        using (IProducer<byte[]?, byte[]?> superseded = KafkaClients.NewProducer(broker.Address, CompressionType.Gzip))
        {
            SendAccounts(superseded, partition);
        }

        using IProducer<byte[]?, byte[]?> producer = KafkaClients.NewProducer(broker.Address, CompressionType.Snappy);
        for (int round = 0; !IsCleaned(checkpoint); round++)
        {
            Assert.True(round < MaxCleaningRounds, "Kafka's cleaner did not run");
            SendAccounts(producer, partition);
        }
    }

    private void SendAccounts(IProducer<byte[]?, byte[]?> producer, KafkaPartition partition)
    {
        for (int account = 0; account < 100; account++)
        {
            KafkaClients.Send(producer, partition, $"account-{account}", account % 10 == 9 ? null : NextValue(), TimeOf(_count++));
        }

        KafkaClients.Finish(producer);
    }

    private static bool IsCleaned(string checkpoint) =>
        File.Exists(checkpoint) && File.ReadAllLines(checkpoint).Any(line => line.StartsWith($"{Accounts} 0 ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));

    private void SendMany(IProducer<byte[]?, byte[]?> producer, KafkaPartition partition, int count)
    {
        for (int index = 0; index < count; index++)
        {
            int number = _count++;
            KafkaClients.Send(producer, partition, number % 4 == 0 ? null : $"key-{number}", number % 7 == 0 ? null : NextValue(), TimeOf(number));
        }
    }

    /// <summary>Times that rise, with steps back in between.</summary>
    private long TimeOf(int number) => _start + (number * 5L) - (number % 5 * 90L);

    private string NextValue() => Convert.ToHexString(RandomBytes(_random.Next(10, 200)));

    private byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
