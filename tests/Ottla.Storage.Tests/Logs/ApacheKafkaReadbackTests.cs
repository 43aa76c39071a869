using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Ottla.Http.Tests;
using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;
using Ottla.Storage.Producers;
using Ottla.Storage.Tests.Support;
using Ottla.Tests.Processes;

namespace Ottla.Storage.Tests.Logs;

/// <summary>The data directory of a whole Apache Kafka broker, of this very moment, is opened in place and read back.</summary>
public sealed class ApacheKafkaReadbackTests : IClassFixture<ApacheKafkaData>, IDisposable
{
    private static readonly LogOptions Options = new()
    {
        SegmentBytes = ApacheKafkaTopics.SegmentBytes,
        IndexIntervalBytes = ApacheKafkaTopics.IndexIntervalBytes,
        RetentionMilliseconds = -1,
    };

    private readonly ApacheKafkaData _data;
    private readonly TemporaryFolder _folder;
    private readonly CapturedLog _log = new();
    private readonly ILoggerFactory _loggers;

    public ApacheKafkaReadbackTests(ApacheKafkaData data)
    {
        Assert.SkipWhen(ApacheKafka.Missing is not null, $"{ApacheKafka.Missing}.");
        _data = data;
        _folder = new TemporaryFolder("readback");
        _loggers = LoggerFactory.Create(builder => builder.AddProvider(_log));
    }

    private string DataPath => _folder.Combine("data");

    public void Dispose()
    {
        _folder.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_log_is_read_as_it_stands_and_left_as_it_was(bool isKilled)
    {
        LogScenario scenario = await OpenAsync(isKilled);
        TopicPartition[] partitions = Partitions();
        Assert.Contains(new TopicPartition("__transaction_state", new PartitionId(0)), partitions);
        Assert.Equal(!isKilled, scenario.Directories.WasCleanShutdown);
        foreach (TopicPartition partition in partitions)
        {
            scenario.Select(partition);
            IReadOnlyList<StoredBatch> batches = Readable(scenario, StoredBatch.ReadAll(OriginalPath(isKilled, partition)));
            Assert.Equal((partition, batches is [.., var last] ? last.LastOffset + 1 : 0), (partition, scenario.Log.LogEndOffset));
            Assert.Equal(Hash(batches), Convert.ToHexString(SHA256.HashData(await ReadAllAsync(scenario))));
        }

        await scenario.Directories.StopAsync(brokerEpoch: 1);

        foreach (TopicPartition partition in partitions)
        {
            AssertUnchanged(isKilled, partition, isKilled ? [".log"] : [".log", ".index", ".timeindex", ".txnindex"]);
        }

        // Kafka reserved space for one topic, and a kill leaves it: nobody can tell it from the rest of a write that was cut off.
        Assert.DoesNotContain(_log.Lines, line => line.Level >= LogLevel.Warning && !line.Text.Contains(ApacheKafkaTopics.Reserved, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_offset_leads_to_its_batch_through_the_indexes(bool isKilled)
    {
        LogScenario scenario = await OpenAsync(isKilled);
        var random = new Random(1);
        int holes = 0;
        foreach (TopicPartition partition in Partitions())
        {
            scenario.Select(partition);
            StoredBatch[] batches = [.. Readable(scenario, StoredBatch.ReadAll(OriginalPath(isKilled, partition)))];
            (long Offset, StoredBatch Batch)[] wanted =
            [
                .. batches.SelectMany((batch, index) => ((long[])[batch.BaseOffset, batch.LastOffset, index > 0 ? batches[index - 1].LastOffset + 1 : batch.BaseOffset])
                    .Select(offset => (Math.Max(offset, scenario.Log.LogStartOffset), batch))),
            ];
            holes += wanted.Count(pair => pair.Offset < pair.Batch.BaseOffset);
            random.Shuffle(wanted); // a read right behind the last one needs no index
            foreach ((long offset, StoredBatch batch) in wanted)
            {
                LogRead read = await scenario.ReadAsync(offset, maxBytes: 1);
                Assert.True(read.Records.Span.SequenceEqual(batch.Bytes.Span), $"{partition} at {offset}: {read.Error}, not the batch at {batch.Path} {batch.Position}");
                read.Buffer?.Dispose();
            }
        }

        Assert.True(holes > 0, "compaction left no holes");
        await scenario.Directories.StopAsync(brokerEpoch: 1);
        if (!isKilled)
        {
            Assert.All(Partitions(), partition => AssertUnchanged(isKilled, partition, [".index", ".timeindex"]));
        }
    }

    [Fact]
    public async Task Offsets_and_times_are_what_Kafka_says()
    {
        LogScenario scenario = await OpenAsync(isKilled: false);
        foreach (ApacheKafkaAnswer answer in _data.Answers)
        {
            scenario.Select(answer.Partition);
            Assert.Equal((answer.Partition, answer.LogStartOffset, answer.LogEndOffset), (answer.Partition, scenario.Log.LogStartOffset, scenario.Log.LogEndOffset));
            LogTimestamp latest = await scenario.Log.OffsetOfMaxTimestampAsync(CancellationToken.None);
            Assert.Equal((answer.Partition, answer.Latest), (answer.Partition, (latest.Offset, latest.Timestamp)));
            List<(long Offset, long Timestamp)> records = [.. (await scenario.ReadTimestampsAsync()).Where(record => record.Offset >= answer.LogStartOffset)];
            foreach ((long timestamp, long offset) in answer.Times)
            {
                LogTimestamp found = await scenario.Log.OffsetForTimestampAsync(timestamp, CancellationToken.None);
                (long Offset, long Timestamp) scanned = records.FirstOrDefault(record => record.Timestamp >= timestamp, (-1, -1));
                Assert.Equal((answer.Partition, timestamp, scanned), (answer.Partition, timestamp, (found.Offset, found.Timestamp)));

                // Kafka looks no further than the first segment that is late enough. Its late records may be gone: compacted, or below the start.
                if (offset >= 0 || answer.Partition.Topic is not (ApacheKafkaTopics.Accounts or ApacheKafkaTopics.Trimmed))
                {
                    Assert.Equal((answer.Partition, timestamp, offset), (answer.Partition, timestamp, found.Offset));
                }
            }
        }

        Assert.Contains(_data.Answers, answer => answer.LogStartOffset == ApacheKafkaTopics.TrimmedTo);
        Assert.True(_data.Answers.SelectMany(answer => answer.Times).Count(time => time.Offset > 0) > 50);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Epochs_and_producers_are_what_Kafka_wrote_even_when_only_the_log_is_left(bool isOnlyLog)
    {
        LogScenario scenario = await OpenAsync(isKilled: false, isOnlyLog);
        TopicPartition[] partitions = [.. _data.Answers.Select(answer => answer.Partition)];
        Dictionary<TopicPartition, string> snapshots = partitions.ToDictionary(partition => partition, LastSnapshot);
        IReadOnlyDictionary<string, IReadOnlyList<ActiveProducer>> theirs = await ApacheKafka.DumpProducersAsync(snapshots.Values);
        foreach (TopicPartition partition in partitions)
        {
            scenario.Select(partition);
            IReadOnlyList<StoredBatch> batches = Readable(scenario, StoredBatch.ReadAll(OriginalPath(isKilled: false, partition)));
            AssertEpochs(scenario, batches);

            // What retention took away with its records, only the snapshot knows.
            HashSet<long> known = [.. batches.Select(batch => batch.ProducerId)];
            Assert.Equal(
                theirs[snapshots[partition]].Where(producer => !isOnlyLog || known.Contains(producer.ProducerId.Value)).OrderBy(producer => producer.ProducerId.Value),
                scenario.Log.DescribeProducers().OrderBy(producer => producer.ProducerId.Value));
        }

        Assert.Contains(theirs.Values.SelectMany(producers => producers), producer => producer is { ProducerEpoch: > 1, CoordinatorEpoch: >= 0 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_that_Kafka_has_is_known_when_its_producer_sends_it_again(bool isKilled)
    {
        LogScenario scenario = await OpenAsync(isKilled);
        int repeated = 0;
        foreach (TopicPartition partition in Partitions())
        {
            scenario.Select(partition);
            StoredBatch[] batches = [.. StoredBatch.ReadAll(OriginalPath(isKilled, partition)).Where(batch => batch is { IsControl: false, RecordCount: > 0 })];
            foreach (ActiveProducer producer in scenario.Log.DescribeProducers().Where(producer => producer.LastSequence >= 0))
            {
                // Of some only a snapshot, or a bare header, is left.
                if (batches.LastOrDefault(batch => batch.ProducerId == producer.ProducerId.Value) is { } last)
                {
                    LogAppend answer = scenario.Append(last.Bytes.ToArray());
                    Assert.Equal((ErrorCode.None, true, last.BaseOffset, last.LastOffset), (answer.Error, answer.IsDuplicate, answer.BaseOffset, answer.LastOffset));
                    repeated++;
                }
            }
        }

        Assert.True(repeated > 20, $"only {repeated} batches");
    }

    [Fact]
    public async Task A_transaction_that_was_open_at_a_kill_is_open()
    {
        LogScenario scenario = await OpenAsync(isKilled: true);
        for (int index = 0; index < ApacheKafkaTopics.Partitions[ApacheKafkaTopics.Transfers]; index++)
        {
            scenario.Select(new TopicPartition(ApacheKafkaTopics.Transfers, new PartitionId(index)));
            StoredBatch last = StoredBatch.ReadAll(scenario.LogPath)[^1];
            StoredBatch first = StoredBatch.ReadAll(scenario.LogPath).First(batch => batch.ProducerId == last.ProducerId);
            ActiveProducer open = Assert.Single(scenario.Log.DescribeProducers(), producer => producer.TransactionStartOffset >= 0);
            Assert.Equal((last.ProducerId, first.BaseOffset), (open.ProducerId.Value, open.TransactionStartOffset));
        }
    }

    [Fact]
    public async Task The_indexes_that_are_rebuilt_from_the_log_alone_are_those_that_Kafka_wrote()
    {
        LogScenario scenario = await OpenAsync(isKilled: true, isOnlyLog: true);
        await scenario.Directories.StopAsync(brokerEpoch: 1);
        int compared = 0;
        foreach (TopicPartition partition in Partitions().Where(partition => partition.Topic != ApacheKafkaTopics.Accounts))
        {
            string original = OriginalPath(isKilled: true, partition);
            string active = Path.GetFileNameWithoutExtension(Directory.GetFiles(original, "*.log").Order(StringComparer.Ordinal).Last());
            foreach (string path in Directory.GetFiles(original).Where(path => Path.GetExtension(path) is ".index" or ".timeindex" or ".txnindex"))
            {
                // The files of the active segment are full of zeros to come.
                if (Path.GetFileNameWithoutExtension(path) != active || Path.GetExtension(path) == ".txnindex")
                {
                    AssertSameBytes(path, Path.Combine(DataPath, partition.ToString(), Path.GetFileName(path)));
                    compared++;
                }
            }
        }

        Assert.True(compared > 40, $"only {compared} files");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kafka_reads_what_is_appended_to_its_logs(bool isKilled)
    {
        LogScenario scenario = await OpenAsync(isKilled);
        var ends = new List<long>();
        TopicPartition[] partitions = Partitions();
        foreach (TopicPartition partition in partitions)
        {
            scenario.Select(partition);
            Append(scenario);
            ends.Add(scenario.Log.LogEndOffset);
        }

        await scenario.Directories.StopAsync(brokerEpoch: 1);

        string dump = await ApacheKafka.DumpAsync(partitions.Select(partition => Path.Combine(DataPath, partition.ToString())));
        Assert.All(ends, end => Assert.Contains($"baseOffset: {end - 1} lastOffset: {end - 1} count: 1 ", dump, StringComparison.Ordinal));
        Assert.Contains("producerId: 999 producerEpoch: 3 ", dump, StringComparison.Ordinal);
        foreach (TopicPartition partition in partitions)
        {
            IReadOnlyList<StoredBatch> before = StoredBatch.ReadAll(OriginalPath(isKilled, partition));
            IReadOnlyList<StoredBatch> after = StoredBatch.ReadAll(Path.Combine(DataPath, partition.ToString()));
            Assert.Equal(Hash(before), Hash(after.Take(before.Count)));
        }
    }

    [Fact]
    public async Task A_torn_log_ends_with_its_last_whole_batch()
    {
        await _data.CopyAsync(isKilled: true, DataPath);
        foreach (TopicPartition partition in Partitions())
        {
            StoredBatch last = StoredBatch.ReadAll(Path.Combine(DataPath, partition.ToString()))[^1];
            using FileStream file = new(last.Path, FileMode.Open, FileAccess.Write);
            file.SetLength(last.Position + last.Bytes.Length - 3);
        }

        LogScenario scenario = await OpenCopyAsync();

        foreach (TopicPartition partition in Partitions())
        {
            scenario.Select(partition);
            IReadOnlyList<StoredBatch> batches = StoredBatch.ReadAll(OriginalPath(isKilled: true, partition));
            Assert.Equal((partition, batches[^2].LastOffset + 1), (partition, scenario.Log.LogEndOffset));
            Assert.Equal(Hash(Readable(scenario, batches.SkipLast(1))), Convert.ToHexString(SHA256.HashData(await ReadAllAsync(scenario))));
        }
    }

    private static void Append(LogScenario scenario)
    {
        int epoch = (scenario.Log.LatestEpoch?.Value ?? 0) + 1;
        for (int step = 0; step < 40; step++)
        {
            var options = new RecordBatchOptions { Codec = (CompressionCodec)(step % 5), ProducerId = new ProducerId(999), ProducerEpoch = 3, BaseSequence = step };
            long timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + step;
            Assert.Equal(ErrorCode.None, scenario.Append(Batches.Build(options, timestamp, new string('o', 1 + (step * 91))), epoch).Error);
        }
    }

    private static void AssertEpochs(LogScenario scenario, IReadOnlyList<StoredBatch> batches)
    {
        foreach (StoredBatch batch in batches)
        {
            Assert.Equal(
                (scenario.Selected, batch.LastOffset, new LeaderEpoch(batch.LeaderEpoch)),
                (scenario.Selected, batch.LastOffset, scenario.Log.EpochOf(batch.LastOffset)));
        }

        Assert.Equal(batches[^1].LeaderEpoch, scenario.Log.LatestEpoch?.Value);
        for (int index = 1; index < batches.Count; index++)
        {
            if (batches[index - 1] is { LeaderEpoch: var epoch } && batches[index].LeaderEpoch != epoch)
            {
                Assert.Equal((new LeaderEpoch(epoch), batches[index].BaseOffset), scenario.Log.EndOffsetForEpoch(new LeaderEpoch(epoch)));
            }
        }
    }

    private static IReadOnlyList<StoredBatch> Readable(LogScenario scenario, IEnumerable<StoredBatch> batches) =>
        [.. batches.Where(batch => batch.LastOffset >= scenario.Log.LogStartOffset)];

    private static async Task<byte[]> ReadAllAsync(LogScenario scenario)
    {
        using var bytes = new MemoryStream();
        for (long offset = scenario.Log.LogStartOffset; offset < scenario.Log.LogEndOffset;)
        {
            LogRead read = await scenario.ReadAsync(offset, maxBytes: 10_000);
            Assert.Equal(ErrorCode.None, read.Error);
            Assert.True(read.NextOffset > offset, $"{scenario.Selected} at {offset}: nothing");
            bytes.Write(read.Records.Span);
            offset = read.NextOffset;
            read.Buffer?.Dispose();
        }

        return bytes.ToArray();
    }

    private static string Hash(IEnumerable<StoredBatch> batches)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (StoredBatch batch in batches)
        {
            hash.AppendData(batch.Bytes.Span);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void AssertSameBytes(string expected, string actual, int? count = null) => Assert.True(
        File.ReadAllBytes(expected).AsSpan(..(count ?? (int)new FileInfo(expected).Length)).SequenceEqual(File.ReadAllBytes(actual)), $"{actual} is not {expected}");

    private async Task<LogScenario> OpenAsync(bool isKilled, bool isOnlyLog = false)
    {
        await _data.CopyAsync(isKilled, DataPath);
        if (isOnlyLog)
        {
            foreach (string path in Directory.GetFiles(DataPath, "*", SearchOption.AllDirectories))
            {
                if (Path.GetExtension(path) != ".log" && Path.GetFileName(path) is not ("meta.properties" or "partition.metadata"))
                {
                    File.Delete(path);
                }
            }
        }

        return await OpenCopyAsync();
    }

    private Task<LogScenario> OpenCopyAsync() =>
        new LogScenario(new LinuxFileSystem(), Options, DataPath) { CreatesLog = false, Loggers = _loggers }.OpenAsync();

    /// <summary>All of the broker's logs, its own ones too.</summary>
    private TopicPartition[] Partitions() =>
    [
        .. Directory.GetDirectories(DataPath).Select(path => Path.GetFileName(path)).Where(name => !name.EndsWith("-delete", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name => new TopicPartition(
                name[..name.LastIndexOf('-')],
                new PartitionId(int.Parse(name.AsSpan(name.LastIndexOf('-') + 1), CultureInfo.InvariantCulture)))),
    ];

    private string OriginalPath(bool isKilled, TopicPartition partition) => Path.Combine(_data.PathOf(isKilled), partition.ToString());

    /// <summary>The snapshot that Kafka wrote as it stopped.</summary>
    private string LastSnapshot(TopicPartition partition) =>
        Directory.GetFiles(OriginalPath(isKilled: false, partition), "*.snapshot").Order(StringComparer.Ordinal).Last();

    private void AssertUnchanged(bool isKilled, TopicPartition partition, string[] suffixes)
    {
        IReadOnlyList<StoredBatch> batches = StoredBatch.ReadAll(OriginalPath(isKilled, partition));
        foreach (string path in Directory.GetFiles(OriginalPath(isKilled, partition)).Where(path => suffixes.Contains(Path.GetExtension(path))))
        {
            // Space that was reserved past the last batch is given back.
            int? count = Path.GetExtension(path) == ".log" ? batches.Where(batch => batch.Path == path).Sum(batch => batch.Bytes.Length) : null;
            string copy = Path.Combine(DataPath, partition.ToString(), Path.GetFileName(path));
            AssertSameBytes(path, copy, count);

            // An index that is found wanting is written anew, maybe with the same bytes.
            Assert.True(isKilled || File.GetLastWriteTimeUtc(path) == File.GetLastWriteTimeUtc(copy), $"{copy} was written");
        }
    }
}
