using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Stored;
using Ottla.Records;
using Ottla.Replication.Partitions;
using Ottla.Storage.Directories;

namespace Ottla.Replication.Tests.Support;

/// <summary>The partitions of broker 1 on a folder of their own, driven by metadata records.</summary>
internal sealed class ReplicationScenario : IAsyncDisposable
{
    public static readonly BrokerId Self = new(1);
    public static readonly BrokerId Other = new(2);

    private readonly string _folder;
    private MetadataImage _image;

    private ReplicationScenario(string folder, LogDirectories directories, FakeTimeProvider time)
    {
        _folder = folder;
        Directories = directories;
        Time = time;
        _image = MetadataImage.Empty(directories.ClusterId);
        Partitions = new PartitionSet(directories, Self, static (_, _) => TopicSettings.Default, NullLogger.Instance);
    }

    public LogDirectories Directories { get; private set; }

    /// <summary>The names of the partitions' directories.</summary>
    public IEnumerable<string> Folders => System.IO.Directory.GetDirectories(_folder).Select(static path => Path.GetFileName(path));

    public FakeTimeProvider Time { get; }

    public PartitionSet Partitions { get; private set; }

    public static async Task<ReplicationScenario> StartAsync()
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("ottla-replication-").FullName;
        var time = new FakeTimeProvider();
        return new ReplicationScenario(folder, await OpenAsync(folder, time), time);
    }

    /// <summary>Makes a topic of one partition, led by this broker, with the given replicas all in sync.</summary>
    public async Task<Partition> CreateTopicAsync(string name, params BrokerId[] replicas)
    {
        await ApplyAsync(CreationOf(name, IdOf(name), replicas));
        return Require(name);
    }

    public Partition? Find(string name) => Partitions.Find(new TopicPartition(name, new PartitionId(0)));

    public Partition Require(string name) => Find(name) ?? throw new InvalidOperationException($"{name} is not there.");

    public async Task ApplyAsync(params MetadataRecord[] records)
    {
        var delta = new MetadataDelta(_image);
        foreach (MetadataRecord record in records)
        {
            delta.Apply(record);
        }

        _image = delta.ToImage(_image.Offset + records.Length, 1);
        await Partitions.ApplyAsync(delta, _image, TestContext.Current.CancellationToken);
    }

    /// <summary>Closes and opens everything; the metadata goes on as it was, and says which topics it deleted.</summary>
    public async Task RestartAsync(params string[] deleted)
    {
        await Directories.StopAsync(-1);
        Directories = await OpenAsync(_folder, Time);
        Partitions = new PartitionSet(Directories, Self, static (_, _) => TopicSettings.Default, NullLogger.Instance);
        var delta = new MetadataDelta(MetadataImage.Empty(_image.ClusterId));
        foreach (MetadataRecord record in MetadataImageRecords.ToRecords(_image))
        {
            delta.Apply(record);
        }

        await Partitions.RemoveStraysAsync(_image, deleted.Select(static name => new TopicId(IdOf(name))).ToHashSet());
        await Partitions.ApplyAsync(delta, _image, TestContext.Current.CancellationToken);
    }

    /// <summary>Loses all metadata.</summary>
    public void Forget() => _image = MetadataImage.Empty(_image.ClusterId);

    public static Guid IdOf(string name) => new(name.Sum(static character => character), 1, 1, [1, 1, 1, 1, 1, 1, 1, 1]);

    public static MetadataRecord[] CreationOf(string name, Guid id, params BrokerId[] replicas) =>
    [
        new(MetadataRecordType.Topic, 0, new TopicRecord { Name = name, TopicId = id }),
        new(MetadataRecordType.Partition, 0, new PartitionRecord
        {
            TopicId = id,
            PartitionId = 0,
            Replicas = [.. replicas.Select(static replica => replica.Value)],
            Isr = [.. replicas.Select(static replica => replica.Value)],
            Leader = replicas[0].Value,
            LeaderEpoch = 0,
            PartitionEpoch = 0,
        }),
    ];

    public static MetadataRecord LeaderChange(string name, BrokerId leader, params BrokerId[] isr) =>
        new(MetadataRecordType.PartitionChange, 0, new PartitionChangeRecord
        {
            TopicId = IdOf(name),
            PartitionId = 0,
            Leader = leader.Value,
            Isr = isr.Length == 0 ? null : [.. isr.Select(static replica => replica.Value)],
        });

    public static PartitionAppend Append(Partition partition, string value, short acks = 1)
    {
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
        builder.Append(1, NullableBytes.Null, Encoding.UTF8.GetBytes(value));
        Memory<byte> batch = builder.Build();
        Assert.True(RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header));
        return partition.AppendAsLeader(batch, header, new AppendRequirements { RequiredAcks = acks });
    }

    public async ValueTask DisposeAsync()
    {
        await Directories.StopAsync(-1);
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private static Task<LogDirectories> OpenAsync(string folder, TimeProvider time)
    {
        var random = new Random(7);
        return LogDirectories.OpenAsync(
            new LogDirectoriesOptions
            {
                Paths = [folder],
                NodeId = Self,
                NewId = () =>
                {
                    byte[] bytes = new byte[16];
                    random.NextBytes(bytes);
                    return new Guid(bytes);
                },
                Random = random,
                Clock = time,
                LoggerFactory = NullLoggerFactory.Instance,
            },
            TestContext.Current.CancellationToken);
    }
}
