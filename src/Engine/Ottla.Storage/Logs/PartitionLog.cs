using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Directories;
using Ottla.Storage.Files;
using Ottla.Storage.Producers;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <summary>
/// Hop 7: one partition's log on disk. Appends, which one lock puts in order, assign offsets and write within the same critical
/// section; reads take no lock. Thread-safe. Outcomes are error codes: a failing disk throws nothing here.
/// </summary>
public sealed partial class PartitionLog
{
    // Guards all fields that are written after construction. Readers without the lock see _segments, _logStartOffset, _logEndOffset and
    // the sizes of segments, each published after what it promises is in place.
    private readonly Lock _lock = new();
    private readonly StorageContext _context;
    private readonly ProducerSnapshotStore _snapshots;
    private ProducerStateTable? _producers;
    private LeaderEpochCache _epochs;
    private bool _areEpochsSaved;
    private LogSegment[] _segments;
    private long _segmentJitter;
    private long _logStartOffset;
    private long _logEndOffset;
    private long _recoveryPoint;
    private long _highWatermark;
    private bool _isClosed;
    private bool _isDeleted; // its files are going away: they are not to be synced
    private LogOptions _options;

    internal PartitionLog(StorageContext context, LogDirectory directory, LoadedLog loaded)
    {
        _context = context;
        Directory = directory;
        TopicPartition = loaded.TopicPartition;
        TopicId = loaded.TopicId;
        Path = loaded.Path;
        _options = loaded.Options;
        _segments = [.. loaded.Segments];
        _epochs = loaded.Epochs;
        _areEpochsSaved = loaded.AreEpochsSaved;
        _producers = loaded.Producers.Count > 0 ? loaded.Producers : null;
        _snapshots = loaded.Snapshots;
        _logStartOffset = loaded.LogStartOffset;
        _logEndOffset = loaded.LogEndOffset;
        _recoveryPoint = loaded.RecoveryPoint;
        HasLostDurableRecords = loaded.HasLostDurableRecords;
        _highWatermark = Math.Clamp(loaded.HighWatermark, loaded.LogStartOffset, loaded.LogEndOffset);
        _unsyncedSegments = [.. loaded.Segments.Where(segment => !segment.IsSynced && !segment.IsActive)];
        _segmentJitter = NextJitter();
    }

    /// <summary>The topic and partition.</summary>
    public TopicPartition TopicPartition { get; }

    /// <summary>The topic's id as <c>partition.metadata</c> has it.</summary>
    public TopicId TopicId { get; internal set; }

    /// <summary>The directory of <c>log.dirs</c> that holds it.</summary>
    public LogDirectory Directory { get; }

    /// <summary>
    /// Whether the log, when it was opened, ended before the point up to which it was known to be durable: the disk lost or damaged
    /// records that no crash can take away.
    /// </summary>
    public bool HasLostDurableRecords { get; }

    /// <summary>The log's own directory.</summary>
    public string Path { get; private set; }

    /// <summary>The first offset that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    /// <summary>The offset that the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    /// <summary>Records below it are known to be durable.</summary>
    public long RecoveryPoint => Volatile.Read(ref _recoveryPoint);

    /// <summary>
    /// The high watermark as its owner, the partition, last set it: it is checkpointed, and retention deletes nothing above it. At first
    /// what the checkpoint says, which may be too low. Never a point to cut at.
    /// </summary>
    public long HighWatermark
    {
        get => Volatile.Read(ref _highWatermark);
        set => Volatile.Write(ref _highWatermark, value);
    }

    /// <summary>The bytes of all segments.</summary>
    public long SizeInBytes
    {
        get
        {
            long size = 0;
            foreach (LogSegment segment in Volatile.Read(ref _segments))
            {
                size += segment.SizeInBytes;
            }

            return size;
        }
    }

    /// <summary>How many segments there are.</summary>
    public int SegmentCount => Volatile.Read(ref _segments).Length;

    /// <summary>The topic's options; a change counts from the next append, roll or deletion on.</summary>
    public LogOptions Options
    {
        get => Volatile.Read(ref _options);
        set => Volatile.Write(ref _options, value);
    }

    /// <summary>The latest leader epoch that the log knows; null when it knows none.</summary>
    public LeaderEpoch? LatestEpoch => Volatile.Read(ref _epochs).Latest;

    /// <summary>
    /// Appends one batch. The caller has checked its header, checksum and records; it is patched in place: base offset, leader epoch and,
    /// when given, the append time. What the bytes say of those is ignored, unless <paramref name="origin"/> is
    /// <see cref="AppendOrigin.Replica"/>.
    /// </summary>
    /// <param name="batch">Exactly one batch of format v2.</param>
    /// <param name="header">That batch's header.</param>
    /// <param name="leaderEpoch">The epoch in which the caller leads.</param>
    /// <param name="origin">Who appends.</param>
    /// <param name="logAppendTime">The time to stamp, in milliseconds since 1970; null to keep the producer's timestamps.</param>
    /// <returns>
    /// The offsets; or <see cref="ErrorCode.KafkaStorageError"/>, <see cref="ErrorCode.RecordListTooLarge"/>,
    /// <see cref="ErrorCode.OutOfOrderSequenceNumber"/>, <see cref="ErrorCode.DuplicateSequenceNumber"/>,
    /// <see cref="ErrorCode.InvalidProducerEpoch"/>, or <see cref="ErrorCode.OffsetOutOfRange"/> for a replica's batch below the log's end.
    /// A refused batch leaves nothing behind.
    /// </returns>
    public LogAppend Append(Memory<byte> batch, in RecordBatchHeader header, LeaderEpoch leaderEpoch, AppendOrigin origin, long? logAppendTime)
    {
        if (batch.Length != header.TotalSizeInBytes)
        {
            throw new ArgumentException($"The batch has {batch.Length} bytes, its header says {header.TotalSizeInBytes}.", nameof(batch));
        }

        lock (_lock)
        {
            if (FindAnswer(in header, origin, logAppendTime is not null) is { } answer)
            {
                return answer;
            }

            RecordBatchHeader stamped = Stamp(batch.Span, in header, leaderEpoch, origin, logAppendTime);
            if (!TryWrite(batch.Span, in stamped))
            {
                return Refuse(ErrorCode.KafkaStorageError, "The batch could not be written to the log directory.");
            }

            LearnFrom(in stamped, batch.Span);
            Volatile.Write(ref _logEndOffset, stamped.NextOffset);
            return new LogAppend
            {
                BaseOffset = stamped.BaseOffset,
                LastOffset = stamped.LastOffset,
                LogAppendTime = logAppendTime ?? -1,
                LogStartOffset = _logStartOffset,
                IsFlushDue = stamped.NextOffset - _recoveryPoint >= _options.FlushMessages,
            };
        }
    }

    private LogSegment ActiveSegment => _segments[^1];

    /// <summary>The answer to a batch that is not written: it is refused, or it was written before.</summary>
    private LogAppend? FindAnswer(in RecordBatchHeader header, AppendOrigin origin, bool stampsTime)
    {
        if (_isClosed || !Directory.AdmitsAppend())
        {
            return Refuse(ErrorCode.KafkaStorageError, $"Log directory {Directory.Path} takes no appends.");
        }

        if (header.TotalSizeInBytes > _options.SegmentBytes)
        {
            return Refuse(ErrorCode.RecordListTooLarge, $"The batch has {header.TotalSizeInBytes} bytes, a segment holds {_options.SegmentBytes}.");
        }

        if (origin == AppendOrigin.Replica)
        {
            return header.BaseOffset < _logEndOffset
                ? Refuse(ErrorCode.OffsetOutOfRange, $"The batch begins at offset {header.BaseOffset}, the log ends at {_logEndOffset}.")
                : null;
        }

        if (!header.HasProducerId || _producers is null)
        {
            return null;
        }

        ProducerCheck check = _producers.Check(in header, origin == AppendOrigin.Client);
        if (check.Duplicate is { } original)
        {
            return new LogAppend
            {
                BaseOffset = original.FirstOffset,
                LastOffset = original.LastOffset,
                LogAppendTime = stampsTime ? original.Timestamp : -1,
                LogStartOffset = _logStartOffset,
                IsDuplicate = true,
            };
        }

        return check.Error == ErrorCode.None ? null : Refuse(check.Error, check.Message ?? string.Empty);
    }

    private LogAppend Refuse(ErrorCode error, string message) => LogAppend.Refused(error, message, _logStartOffset);

    /// <summary>Patches the batch and returns the header that it now has. Base offset and epoch lie outside the checksum.</summary>
    private RecordBatchHeader Stamp(
        Span<byte> batch, in RecordBatchHeader header, LeaderEpoch leaderEpoch, AppendOrigin origin, long? logAppendTime)
    {
        if (origin == AppendOrigin.Replica)
        {
            return header;
        }

        RecordBatchHeader stamped = header;
        if (logAppendTime is { } time)
        {
            RecordBatchPatch.SetLogAppendTime(batch, time);
            _ = RecordBatchHeader.TryRead(batch, out stamped);
        }

        RecordBatchPatch.SetBaseOffset(batch, _logEndOffset);
        RecordBatchPatch.SetPartitionLeaderEpoch(batch, leaderEpoch.Value);
        return stamped with { BaseOffset = _logEndOffset, PartitionLeaderEpoch = leaderEpoch.Value };
    }

    private bool TryWrite(ReadOnlySpan<byte> batch, in RecordBatchHeader header)
    {
        bool isCut = true;
        try
        {
            if (MustRoll(in header))
            {
                Roll(header.BaseOffset);
            }

            ActiveSegment.Append(batch, in header, _options.IndexIntervalBytes, ref isCut);
            Directory.ReportWritten();
            return true;
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            if (isCut)
            {
                Directory.ReportFailure(exception);
            }
            else
            {
                // Half a batch stands at the end of the file and cannot be removed: an append after it would be unreadable.
                Directory.TakeOffline(exception);
            }

            return false;
        }
    }

    private void LearnFrom(in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        var epoch = new LeaderEpoch(header.PartitionLeaderEpoch);
        if (epoch.Value >= 0 && _epochs.Latest != epoch)
        {
            SetEpochs(_epochs.Assign(epoch, header.BaseOffset));
        }

        if (header.HasProducerId)
        {
            _producers ??= new ProducerStateTable();
            if (_producers.Apply(in header, batch) is { } transaction)
            {
                AddToTransactionIndex(transaction);
            }
        }
    }

    private void SetEpochs(LeaderEpochCache epochs)
    {
        if (!ReferenceEquals(epochs, _epochs))
        {
            Volatile.Write(ref _epochs, epochs);
            _areEpochsSaved = false;
        }
    }
}
