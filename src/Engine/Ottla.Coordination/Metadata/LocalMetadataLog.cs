using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Stored;
using Ottla.Records;
using Ottla.Storage.Directories;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Coordination.Metadata;

/// <summary>
/// The metadata log of a single node: Kafka's <c>__cluster_metadata-0</c> with one voter. An append is committed when it is synced. The
/// epoch rises at each start and is durable in <c>quorum-state</c> before anything is written in it.
/// </summary>
public sealed class LocalMetadataLog : IMetadataLog
{
    private const int ReadBytes = 1024 * 1024;
    private const int SnapshotsToKeep = 2;
    private static readonly TopicPartition Partition = new(TopicNames.ClusterMetadata, new PartitionId(0));
    private static readonly TopicId MetadataTopicId = new(new Guid([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], bigEndian: true));
    private readonly LocalMetadataLogOptions _options;
    private readonly PartitionLog _log;
    private readonly SnapshotFiles _snapshots;
    private readonly QuorumControlState _control = new();
    private readonly IWorkQueue _queue;
    private readonly WorkThreads? _thread;
    private readonly ILogger _logger;
    private QuorumState _quorum = new();
    private long _nextOffset;
    private long _committedOffset;
    private long _lastTimestamp;
    private long _bytesSinceSnapshot;
    private long _snapshotTime;
    private bool _isFailed;

    private LocalMetadataLog(LocalMetadataLogOptions options, PartitionLog log)
    {
        _options = options;
        _log = log;
        _log.Options = options.ToLogOptions();
        _logger = options.LoggerFactory.CreateLogger("Ottla.Metadata");
        _snapshots = new SnapshotFiles(options.Files, log.Path);
        _snapshotTime = Now;
        if (options.WorkQueue is { } queue)
        {
            _queue = queue;
        }
        else
        {
            _thread = new WorkThreads("ottla-metadata", threadCount: 1, capacity: 16);
            _queue = _thread;
        }
    }

    /// <inheritdoc/>
    public int Epoch { get; private set; }

    /// <inheritdoc/>
    public BrokerId CurrentController => _options.NodeId;

    /// <inheritdoc/>
    public long EndOffset => _nextOffset;

    /// <inheritdoc/>
    public long CommittedOffset => Volatile.Read(ref _committedOffset);

    /// <inheritdoc/>
    public MetadataSnapshot? Snapshot { get; private set; }

    /// <inheritdoc/>
    public bool IsSnapshotDue => Volatile.Read(ref _bytesSinceSnapshot) is long bytes and > 0
        && (bytes >= _options.MaxBytesBetweenSnapshots
            || (_options.MaxSnapshotIntervalMilliseconds > 0 && Now - Volatile.Read(ref _snapshotTime) >= _options.MaxSnapshotIntervalMilliseconds));

    private long Now => _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens the log in <paramref name="directories"/>, or makes a new one.</summary>
    /// <exception cref="InvalidMetadataException">The log is damaged, or belongs to other voters.</exception>
    /// <exception cref="LogDirectoryException">The directory that it is to be made in is not one of the log directories.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static async Task<LocalMetadataLog> OpenAsync(
        LogDirectories directories,
        LocalMetadataLogOptions options,
        CancellationToken cancellationToken)
    {
        PartitionLog? log = directories.Find(Partition);
        if (log is null)
        {
            LogCreation creation = await directories.CreateLogAsync(
                Partition, MetadataTopicId, options.ToLogOptions(), FindDirectory(directories, options.Directory), cancellationToken);
            log = creation.Log ?? throw new IOException($"The metadata log could not be made: {creation.Error.KafkaName()}.");
        }

        LocalMetadataLog opened = new(options, log);
        opened._thread?.Start();
        try
        {
            await DiskWork.RunAsync(opened._queue, opened.Load);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<MetadataBatch> ReadFromAsync(long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (offset < _log.LogStartOffset)
        {
            throw new InvalidMetadataException($"The metadata log begins at offset {_log.LogStartOffset}, but nothing says what was at {offset}.");
        }

        while (offset < _log.LogEndOffset)
        {
            LogRead read = await _log.ReadAsync(offset, ReadBytes, atLeastOneBatch: true, _log.LogEndOffset, cancellationToken);
            byte[] bytes = read.Records.ToArray();
            read.Buffer?.Dispose();
            if (read.Error != ErrorCode.None || bytes.Length == 0)
            {
                throw new InvalidMetadataException($"The metadata log can't be read at offset {offset}: {read.Error.KafkaName()}.");
            }

            foreach (MetadataBatch batch in DecodeAll(bytes))
            {
                if (batch.LastOffset >= offset)
                {
                    _lastTimestamp = Math.Max(_lastTimestamp, batch.Timestamp);
                    yield return batch;
                }
            }

            _bytesSinceSnapshot += bytes.Length;
            offset = read.NextOffset;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ErrorCode> BeginEpochAsync(CancellationToken cancellationToken)
    {
        CheckVoters();
        int epoch = Math.Max(_quorum.LeaderEpoch, Math.Max(_log.LatestEpoch?.Value ?? 0, Snapshot?.Id.Epoch ?? 0)) + 1;
        _quorum = new QuorumState
        {
            LeaderId = _options.NodeId.Value,
            LeaderEpoch = epoch,
            Voters = _control.Version == 0 ? [_options.NodeId.Value] : null,
        };
        try
        {
            await DiskWork.RunAsync(_queue, () => _quorum.Write(_options.Files, _log.Path));
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            _logger.QuorumStateNotWritten(exception);
            return ErrorCode.KafkaStorageError;
        }

        Epoch = epoch;
        LeaderChangeMessage change = LeaderChange();
        byte[] batch = MetadataBatchCodec.EncodeControl(
            ControlRecordType.LeaderChange, MetadataBatchCodec.Encode(change, change.Version), _nextOffset, epoch, Stamp());
        MetadataAppend append = Append(batch);
        cancellationToken.ThrowIfCancellationRequested();
        return append.Error == ErrorCode.None ? await CommitAsync() : append.Error;
    }

    /// <inheritdoc/>
    public MetadataAppend Append(IReadOnlyList<MetadataRecord> records, int expectedEpoch)
    {
        if (expectedEpoch != Epoch || Epoch == 0)
        {
            return new MetadataAppend(ErrorCode.NotController, -1);
        }

        return Append(MetadataBatchCodec.Encode(records, _nextOffset, Epoch, Stamp()));
    }

    /// <inheritdoc/>
    public async ValueTask<ErrorCode> CommitAsync()
    {
        long end = _nextOffset;
        ErrorCode error = _isFailed ? ErrorCode.KafkaStorageError : await _log.FlushAsync();
        if (error != ErrorCode.None)
        {
            // What was appended may or may not be there after a restart: nothing may be built on it.
            _isFailed = true;
            return error;
        }

        Volatile.Write(ref _committedOffset, end);
        _log.HighWatermark = end;
        return ErrorCode.None;
    }

    /// <inheritdoc/>
    public async Task WriteSnapshotAsync(MetadataImage image)
    {
        SnapshotId id = new(image.Offset + 1, image.Epoch);
        long counted = Volatile.Read(ref _bytesSinceSnapshot);
        long timestamp = Volatile.Read(ref _lastTimestamp);
        try
        {
            await DiskWork.RunAsync(_queue, () => WriteSnapshot(id, image, timestamp));
            _logger.SnapshotWritten(id.FileName);
            Interlocked.Add(ref _bytesSinceSnapshot, -counted);
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            _logger.SnapshotNotWritten(id.FileName, exception);
        }

        // After a failure too: the next attempt waits its turn instead of following at once.
        Volatile.Write(ref _snapshotTime, Now);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _thread?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static LogDirectory? FindDirectory(LogDirectories directories, string? path) => path is null
        ? null
        : directories.Directories.FirstOrDefault(directory => directory.Path == path)
            ?? throw new LogDirectoryException($"metadata.log.dir is {path}, which is not one of log.dirs.");

    private void Load()
    {
        if (_log.HasLostDurableRecords)
        {
            throw new InvalidMetadataException(
                $"The metadata log in {_log.Path} ends at offset {_log.LogEndOffset}, but was durable beyond it: the disk lost or damaged records that were acknowledged.");
        }

        _quorum = QuorumState.Read(_options.Files, _log.Path) ?? new QuorumState();
        Snapshot = ReadNewestSnapshot();
        long snapshotEnd = Snapshot?.Id.EndOffset ?? 0;
        _lastTimestamp = Snapshot?.LastContainedTimestamp ?? 0;

        // The log may end below a snapshot whose records were lost from it; what comes next is numbered after both.
        _nextOffset = Math.Max(_log.LogEndOffset, snapshotEnd);
    }

    /// <summary>A snapshot that is damaged is passed over for the one before it: the log reaches back to that one.</summary>
    private MetadataSnapshot? ReadNewestSnapshot()
    {
        foreach (SnapshotId id in _snapshots.List().Reverse())
        {
            try
            {
                return _snapshots.Read(id, _control);
            }
            catch (InvalidMetadataException exception)
            {
                _logger.SnapshotDamaged(id.FileName, exception.Message);
            }
        }

        return null;
    }

    private void CheckVoters()
    {
        IEnumerable<int>? voters = _control.NamedVoters?.Select(static voter => voter.VoterId) ?? _quorum.Voters;
        if (voters is not null && !voters.SequenceEqual([_options.NodeId.Value]))
        {
            throw new InvalidMetadataException(
                $"The metadata log in {_log.Path} has the voters {string.Join(", ", voters)}; this node is {_options.NodeId} and can open only a log of which it is the one voter.");
        }
    }

    private LeaderChangeMessage LeaderChange()
    {
        Guid directory = _control.NamedVoters is [{ } voter] ? voter.VoterDirectoryId : Guid.Empty;
        short version = _control.Version;
        return new LeaderChangeMessage
        {
            Version = version,
            LeaderId = _options.NodeId.Value,
            Voters = [new LeaderChangeMessage.Voter { VoterId = _options.NodeId.Value, VoterDirectoryId = directory }],
            GrantingVoters = [new LeaderChangeMessage.Voter { VoterId = _options.NodeId.Value, VoterDirectoryId = directory }],
        };
    }

    private MetadataAppend Append(byte[] batch)
    {
        if (_isFailed || !RecordBatchHeader.TryRead(batch, out RecordBatchHeader header))
        {
            return new MetadataAppend(ErrorCode.KafkaStorageError, -1);
        }

        // The log numbers its own batches, so they go in as those of a leader do on its follower.
        LogAppend append = _log.Append(batch, header, new LeaderEpoch(Epoch), AppendOrigin.Replica, logAppendTime: null);
        if (append.Error != ErrorCode.None)
        {
            _logger.AppendRefused(append.Error.KafkaName(), append.Message);
            return new MetadataAppend(ErrorCode.KafkaStorageError, -1);
        }

        _nextOffset = header.NextOffset;
        Interlocked.Add(ref _bytesSinceSnapshot, batch.Length);
        return new MetadataAppend(ErrorCode.None, header.LastOffset);
    }

    private void WriteSnapshot(SnapshotId id, MetadataImage image, long timestamp)
    {
        _snapshots.Write(id, image, timestamp, Now, _control);
        IReadOnlyList<SnapshotId> standing = _snapshots.List();
        foreach (SnapshotId old in standing.SkipLast(SnapshotsToKeep))
        {
            _snapshots.Delete(old);
        }

        // The log reaches back to the older snapshot, in case the newer one is damaged.
        long keepFrom = standing.Count >= SnapshotsToKeep ? standing[^SnapshotsToKeep].EndOffset : 0;
        if (keepFrom > _log.LogStartOffset && _log.DeleteRecordsBefore(keepFrom) == ErrorCode.None)
        {
            _log.DeleteOldSegments(Now, CommittedOffset);
        }
    }

    private List<MetadataBatch> DecodeAll(byte[] bytes)
    {
        List<MetadataBatch> batches = [];
        RecordBatchEnumerator enumerator = new(bytes);
        while (enumerator.MoveNext())
        {
            batches.Add(MetadataBatchCodec.Decode(enumerator.Current, enumerator.Header, _control.Learn));
        }

        return batches;
    }

    /// <summary>The wall clock, which here never goes back: snapshots say up to when they reach.</summary>
    private long Stamp()
    {
        _lastTimestamp = Math.Max(_lastTimestamp, Now);
        return _lastTimestamp;
    }
}
