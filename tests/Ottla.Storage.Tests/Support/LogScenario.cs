using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Directories;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Tests.Support;

/// <summary>
/// A node's log directories with one topic partition, on a simulated disk unless told otherwise. All work runs on the test's thread.
/// </summary>
internal sealed class LogScenario
{
    public static readonly TopicPartition Partition = new("orders", new PartitionId(0));
    public static readonly TopicId Topic = new(new Guid("11111111-2222-3333-4444-555555555555"));
    private int _nextId;

    public LogScenario(IFileSystem? files = null, LogOptions? options = null, string path = "/data")
    {
        Disk = files as SimulatedDisk ?? new SimulatedDisk();
        Files = files ?? Disk;
        Options = options ?? new LogOptions();
        Path = path;
    }

    public SimulatedDisk Disk { get; set; }

    public IFileSystem Files { get; set; }

    public LogOptions Options { get; set; }

    public string Path { get; }

    /// <summary>Whether opening makes the log when there is none; otherwise it has to be there.</summary>
    public bool CreatesLog { get; init; } = true;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(Batches.StartTimestamp));

    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public List<LogDirectory> WentOffline { get; } = [];

    public List<InlineQueue> Queues { get; } = [];

    public LogDirectories Directories { get; private set; } = null!; // set by Open, which every test calls first

    public PartitionLog Log { get; private set; } = null!; // set by Open

    /// <summary>The partition of <see cref="Log"/>.</summary>
    public TopicPartition Selected { get; set; } = Partition;

    public string LogPath => System.IO.Path.Combine(Path, Selected.ToString());

    /// <summary>Opens the directories and the partition's log, which is made when it does not exist.</summary>
    public async Task<LogScenario> OpenAsync()
    {
        Queues.Clear();
        Directories = await LogDirectories.OpenAsync(
            new LogDirectoriesOptions
            {
                Paths = [Path],
                NodeId = new BrokerId(1),
                NewId = () => new Guid(++_nextId, 0, 0, new byte[8]),
                Random = new Random(1),
                Clock = Clock,
                LoggerFactory = Loggers,
                Files = Files,
                OptionsOf = _ => Options,
                WhenOffline = (directory, _) => WentOffline.Add(directory),
                QueueFactory = (_, _, _) =>
                {
                    var queue = new InlineQueue();
                    Queues.Add(queue);
                    return queue;
                },
            },
            CancellationToken.None);
        if (!CreatesLog)
        {
            Select(Selected);
            return this;
        }

        LogCreation creation = await Directories.CreateLogAsync(Selected, Topic, Options, CancellationToken.None);
        Assert.Equal(ErrorCode.None, creation.Error);
        Log = creation.Log!; // there is no error
        return this;
    }

    /// <summary>Turns to another log of the directory.</summary>
    public void Select(TopicPartition partition)
    {
        Selected = partition;
        Log = Directories.Find(partition) ?? throw new InvalidOperationException($"{partition} was not loaded");
    }

    /// <summary>Stops cleanly and opens again.</summary>
    public async Task ReopenAsync()
    {
        await Directories.StopAsync(brokerEpoch: 7);
        await OpenAsync();
    }

    /// <summary>Forgets the running node as kill -9 does: what was written stays.</summary>
    public Task KillAndReopenAsync()
    {
        Kill();
        return OpenAsync();
    }

    /// <summary>Ends the running node as kill -9 does.</summary>
    public void Kill()
    {
        Disk.ReleaseLocks();
        Directories.ReleaseAll();
    }

    public LogAppend Append(byte[] batch, int leaderEpoch = 0, AppendOrigin origin = AppendOrigin.Client, long? logAppendTime = null) =>
        Log.Append(batch.ToArray(), Batches.HeaderOf(batch), new LeaderEpoch(leaderEpoch), origin, logAppendTime);

    public LogAppend AppendValues(params string[] values) => Append(Batches.Build(Now, values));

    public async Task<List<(long Offset, string Value)>> ReadAllAsync()
    {
        var records = new List<(long, string)>();
        long offset = Log.LogStartOffset;
        while (offset < Log.LogEndOffset)
        {
            LogRead read = await ReadAsync(offset);
            Assert.Equal(ErrorCode.None, read.Error);
            Assert.True(read.NextOffset > offset, $"reading at {offset} returned nothing");
            records.AddRange(Batches.Read(read.Records).Where(record => record.Offset >= Log.LogStartOffset));
            offset = read.NextOffset;
            read.Buffer?.Dispose();
        }

        return records;
    }

    /// <summary>Offset and timestamp of every record.</summary>
    public async Task<List<(long Offset, long Timestamp)>> ReadTimestampsAsync()
    {
        var records = new List<(long, long)>();
        for (long offset = Log.LogStartOffset; offset < Log.LogEndOffset;)
        {
            LogRead read = await ReadAsync(offset);
            Assert.True(read.NextOffset > offset);
            records.AddRange(Batches.ReadTimestamps(read.Records));
            offset = read.NextOffset;
            read.Buffer?.Dispose();
        }

        return records;
    }

    public async Task<LogRead> ReadAsync(long offset, int maxBytes = 1024 * 1024, bool atLeastOne = true, long upTo = long.MaxValue) =>
        await Log.ReadAsync(offset, maxBytes, atLeastOne, upTo, CancellationToken.None);
}
